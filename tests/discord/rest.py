"""The REST face: each request is authorised, counted, weighed against the API description, answered and recorded."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING

from aiohttp import BodyPartReader, web

from tests.discord.calls import Answer, Call, Route, Routes, Upload
from tests.discord.faults import REQUEST_TOO_LARGE, ApiError, Fault
from tests.discord.state import Request
from tests.discord.troubles import Bucket, Buckets, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.discord.openapi import OpenApi
    from tests.discord.shapes import Json, JsonValue
    from tests.discord.state import State

PREFIX = "/api/v10"
_STOPPING = {401, 403, 429}
# "Uploading Files": the limit of every file where nobody has paid for more.
MAX_FILE_BYTES = 10 * 1024 * 1024


class Rest:
    """Answers what the bot asks of ``/api/v10``."""

    def __init__(self, state: State, routes: Iterable[Route], openapi: OpenApi | None) -> None:
        self._state = state
        self._routes = Routes(routes)
        self._openapi = openapi
        self._buckets = Buckets()
        self.troubles: list[Trouble] = []
        self.invalid_requests = 0

    async def serve(self, request: web.Request) -> web.Response:
        """One request, answered; a fault of the stand-in's own is put on record before it is raised."""
        try:
            return await self._serve(request)
        except Exception as error:
            fault = Fault((), "STAND_IN_BROKE", f"The stand-in itself failed: {error!r}")
            self._state.violated(request.method, request.path, fault)
            raise

    async def _serve(self, request: web.Request) -> web.Response:
        started = time.perf_counter()
        path = request.path.removeprefix(PREFIX)
        found = self._routes.find(request.method, path)
        template = found[0].template if found else path
        headers: dict[str, str] = {}
        body: JsonValue = None
        try:
            route, parts = self._known(request.method, path, found)
            self._authorise(request, route)
            bucket = self._buckets.of(request.method, template, parts)
            await self._misfortune(request, template)
            self._limit(bucket)
            headers = bucket.headers()
            call = await self._call(request, path, template, parts)
            body = call.body
            answer = await self._answer(route, call)
        except ApiError as error:
            self._on_record(request.method, path, error)
            answer = Answer(error.body(), error.status)
            headers |= _error_headers(error)
        ms = (time.perf_counter() - started) * 1000
        self._state.requests.append(Request(request.method, path, template, answer.status, ms, body))
        async with self._state.recorded:
            self._state.recorded.notify_all()
        return _response(answer, headers)

    def _known(
        self, method: str, path: str, found: tuple[Route, dict[str, str]] | None
    ) -> tuple[Route, dict[str, str]]:
        if found is None:
            self._state.violated(method, path, Fault((), "UNKNOWN_ROUTE", "The stand-in has no such route."))
            raise ApiError(404, 0, "404: Not Found")
        return found

    def _authorise(self, request: web.Request, route: Route) -> None:
        if not route.open_to_all and request.headers.get("Authorization") != f"Bot {self._state.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    async def _misfortune(self, request: web.Request, template: str) -> None:
        for trouble in self.troubles:
            if trouble.strikes(request.method, template):
                await asyncio.sleep(trouble.delay_s)
                if trouble.hangs_up and request.transport is not None:
                    request.transport.close()
                if trouble.status == 429:
                    raise RateLimitedError(trouble.retry_after_s, whole_bot=trouble.whole_bot)
                if trouble.status is not None:
                    raise ApiError(trouble.status, 0, f"{trouble.status}: Internal Server Error")

    def _limit(self, bucket: Bucket) -> None:
        if not bucket.take():
            raise RateLimitedError(bucket.resets_after_s)

    async def _call(self, request: web.Request, path: str, template: str, parts: dict[str, str]) -> Call:
        call = Call(request.method, path, template, parts, dict(request.query), None)
        if request.can_read_body:
            call.body, call.uploads = await _read(request)
            if any(len(upload.data) > MAX_FILE_BYTES for upload in call.uploads):
                raise ApiError(413, REQUEST_TOO_LARGE, "Request entity too large")
            if self._openapi is not None:
                call.described = self._openapi.faults(request.method, template, call.body)
        return call

    async def _answer(self, route: Route, call: Call) -> Answer:
        answer = await route.handler(call)
        if call.described and not call.weighed:
            call.accept()
        return answer

    def _on_record(self, method: str, path: str, error: ApiError) -> None:
        """Refusals are kept; those that count towards Discord's ban for invalid requests are counted."""
        faults = error.faults or (
            () if isinstance(error, RateLimitedError) else (Fault((), str(error.code), error.message),)
        )
        if error.status < 500:
            for fault in faults:
                self._state.violated(method, path, fault)
        if error.status in _STOPPING:
            self.invalid_requests += 1


class RateLimitedError(ApiError):
    """429: come again later."""

    def __init__(self, retry_after_s: float, *, whole_bot: bool = False) -> None:
        super().__init__(429, 0, "You are being rate limited.")
        self.retry_after_s = retry_after_s
        self.whole_bot = whole_bot

    def body(self) -> Json:
        """The answer as "Rate Limits" describes it."""
        return {"message": self.message, "retry_after": round(self.retry_after_s, 3), "global": self.whole_bot}


def _error_headers(error: ApiError) -> dict[str, str]:
    if not isinstance(error, RateLimitedError):
        return {}
    scope = "global" if error.whole_bot else "user"
    waits = str(max(1, round(error.retry_after_s)))
    headers = {"Retry-After": waits, "X-RateLimit-Scope": scope, "Via": "1.1 google"}
    return headers | ({"X-RateLimit-Global": "true"} if error.whole_bot else {})


async def _read(request: web.Request) -> tuple[JsonValue, list[Upload]]:
    if request.content_type == "multipart/form-data":
        return await _read_parts(request)
    if request.content_type != "application/json":
        message = "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}."
        raise ApiError(400, 50035, "Invalid Form Body", [Fault((), "CONTENT_TYPE_INVALID", message)])
    return _parsed(await request.text()), []


def _parsed(raw: str) -> JsonValue:
    try:
        parsed: JsonValue = json.loads(raw)
    except ValueError as error:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from error
    return parsed


async def _read_parts(request: web.Request) -> tuple[JsonValue, list[Upload]]:
    body: JsonValue = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = _parsed(data.decode())
        else:
            uploads.append(Upload(part.name or "", part.filename or "file", data))
    return body, uploads


def _response(answer: Answer, headers: dict[str, str]) -> web.Response:
    if answer.status == 204:
        return web.Response(status=204, headers=headers)
    response = web.Response(status=answer.status, body=json.dumps(answer.body).encode(), headers=headers)
    # The type has to be this and no more: discord.py reads nothing else as JSON, a charset included.
    response.headers["Content-Type"] = "application/json"
    return response
