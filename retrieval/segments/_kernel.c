/* The compiled search as Python sees it: `Arrays` holds a segment's arrays, `best` finds its best rows.
 *
 * segment.py describes the arrays, kernel.py what `best` answers, _search.c how it is found. numpy_search.py answers
 * the same, to the last bit. The arrays may come from a damaged file: here it is checked that each is of the right type
 * and that their lengths fit together; what stands in them is checked where it is used.
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <math.h>
#include <string.h>

#include "_search.h"

/* ---- The arrays -------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *name;
    const char *formats; /* the letters of the `struct` module that fit */
    Py_ssize_t size, or_size;
} Kind;

static const char UNSIGNED[] = "BHILQ", SIGNED[] = "ilq", FLAGS[] = "?Bb", FLOATS[] = "d";

static const Kind KINDS[NAMES] = {
    [STARTS] = {"starts", UNSIGNED, 4, 4},
    [ROWS] = {"rows", UNSIGNED, 4, 4},
    [CODES] = {"codes", UNSIGNED, 4, 2},
    [BLOCK_STARTS] = {"block_starts", UNSIGNED, 4, 4},
    [BLOCK_LAST] = {"block_last", UNSIGNED, 4, 4},
    [BLOCK_BOUNDS] = {"block_bounds", UNSIGNED, 4, 2},
    [PASSAGES] = {"passages", SIGNED, 8, 8},
    [ARTICLE_OF] = {"article_of", UNSIGNED, 4, 4},
    [ARTICLE_IDS] = {"article_ids", SIGNED, 8, 8},
    [PUBLISHED] = {"published", UNSIGNED, 4, 4},
    [PUBLICATION_CODES] = {"publication_codes", UNSIGNED, 4, 4},
    [TERM_CRCS] = {"term_crcs", UNSIGNED, 4, 4},
    [TERM_ENDS] = {"term_ends", UNSIGNED, 4, 4},
    [TERM_BYTES] = {"term_bytes", UNSIGNED, 1, 1},
};

typedef struct {
    PyObject_HEAD
    Column columns[NAMES];
    Py_buffer views[NAMES]; /* `obj` is NULL where nothing is held */
} Arrays;

static Column column_of(const Py_buffer *view) {
    return (Column){view->buf, (size_t)(view->len / view->itemsize), (size_t)view->itemsize};
}

/* The view holds the object's buffer, one row of native numbers of that kind; otherwise an exception is set. */
static int hold(PyObject *object, const Kind *kind, Py_buffer *view) {
    if (PyObject_GetBuffer(object, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0) return -1;
    const char *format = view->format ? view->format : "B";
    if (format[0] == '\0' || format[1] != '\0' || strchr(kind->formats, format[0]) == NULL ||
        (view->itemsize != kind->size && view->itemsize != kind->or_size))
        PyErr_Format(PyExc_TypeError, "%s: items of type %s, %zd bytes each", kind->name, format, view->itemsize);
    else if (view->ndim != 1)
        PyErr_Format(PyExc_ValueError, "%s: %d dimensions", kind->name, view->ndim);
    else if ((uintptr_t)view->buf % (size_t)view->itemsize)
        PyErr_Format(PyExc_ValueError, "%s: not aligned", kind->name);
    else
        return 0;
    PyBuffer_Release(view);
    return -1;
}

static int lengths_fit(const Column *arrays) {
    static const struct { enum Name one, other; size_t more; } EQUAL[] = {
        {STARTS, TERM_CRCS, 1}, {BLOCK_STARTS, TERM_CRCS, 1}, {TERM_ENDS, TERM_CRCS, 1}, {ROWS, CODES, 0},
        {BLOCK_LAST, BLOCK_BOUNDS, 0}, {ARTICLE_OF, PASSAGES, 0}, {PUBLISHED, ARTICLE_IDS, 0},
        {PUBLICATION_CODES, ARTICLE_IDS, 0},
    };
    for (size_t i = 0; i < sizeof EQUAL / sizeof EQUAL[0]; i++)
        if (count(arrays, EQUAL[i].one) != count(arrays, EQUAL[i].other) + EQUAL[i].more) {
            PyErr_Format(PyExc_ValueError, "%s and %s differ in length", KINDS[EQUAL[i].one].name,
                         KINDS[EQUAL[i].other].name);
            return 0;
        }
    for (int i = 0; i < NAMES; i++)
        if (count(arrays, (enum Name)i) > UINT32_MAX) {
            PyErr_Format(PyExc_ValueError, "%s: more than a segment holds", KINDS[i].name);
            return 0;
        }
    return 1;
}

static void arrays_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    for (int i = 0; i < NAMES; i++) PyBuffer_Release(&((Arrays *)self)->views[i]);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *arrays_new(PyTypeObject *type, PyObject *args, PyObject *keywords) {
    char *names[NAMES + 1] = {0};
    for (int i = 0; i < NAMES; i++) names[i] = (char *)(uintptr_t)KINDS[i].name;
    PyObject *o[NAMES];
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OOOOOOOOOOOOOO:Arrays", names, &o[0], &o[1], &o[2], &o[3], &o[4],
                                     &o[5], &o[6], &o[7], &o[8], &o[9], &o[10], &o[11], &o[12], &o[13]))
        return NULL;
    PyObject *self = ((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0); /* all bytes 0: no view is held */
    if (self == NULL) return NULL;
    Arrays *arrays = (Arrays *)self;
    for (int i = 0; i < NAMES; i++) {
        if (hold(o[i], &KINDS[i], &arrays->views[i]) < 0) {
            Py_DECREF(self);
            return NULL;
        }
        arrays->columns[i] = column_of(&arrays->views[i]);
    }
    if (lengths_fit(arrays->columns)) return self;
    Py_DECREF(self);
    return NULL;
}

/* ---- Finding a term ---------------------------------------------------------------------------------------------- */

/* zlib's crc32, four bits at a time. */
static uint32_t crc32_of(const unsigned char *text, size_t n) {
    static const uint32_t STEPS[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        crc ^= text[i];
        crc = crc >> 4 ^ STEPS[crc & 15];
        crc = crc >> 4 ^ STEPS[crc & 15];
    }
    return ~crc;
}

/* How the term's bytes compare with the text: < 0, 0 or > 0. Ends that can't be are those of an empty term. */
static int compare_term(const Column *arrays, size_t term, const unsigned char *text, size_t n) {
    size_t begin = u4(arrays, TERM_ENDS)[term], end = u4(arrays, TERM_ENDS)[term + 1];
    if (begin > end || end > count(arrays, TERM_BYTES)) begin = end = 0;
    const unsigned char *bytes = arrays[TERM_BYTES].at;
    const size_t shared = end - begin < n ? end - begin : n;
    const int order = shared ? memcmp(bytes + begin, text, shared) : 0;
    return order ? order : (end - begin > n) - (end - begin < n);
}

static Py_ssize_t find_text(const Column *arrays, const unsigned char *text, size_t n) {
    const uint32_t *crcs = u4(arrays, TERM_CRCS), crc = crc32_of(text, n);
    size_t low = 0, high = count(arrays, TERM_CRCS);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        int order = (crcs[middle] > crc) - (crcs[middle] < crc);
        if (order == 0) order = compare_term(arrays, middle, text, n);
        if (order == 0) return (Py_ssize_t)middle;
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    return -1;
}

static PyObject *arrays_find(PyObject *self, PyObject *term) {
    if (!PyUnicode_Check(term)) {
        PyErr_SetString(PyExc_TypeError, "a term is a str");
        return NULL;
    }
    /* Text with lone surrogates has no UTF-8; it is stored as Python's "surrogatepass" writes it. */
    PyObject *encoded = PyUnicode_AsEncodedString(term, "utf-8", "surrogatepass");
    char *text;
    Py_ssize_t n;
    if (encoded == NULL || PyBytes_AsStringAndSize(encoded, &text, &n) < 0) {
        Py_XDECREF(encoded);
        return NULL;
    }
    const Py_ssize_t found = find_text(((Arrays *)self)->columns, (const unsigned char *)text, (size_t)n);
    Py_DECREF(encoded);
    return PyLong_FromSsize_t(found);
}

/* ---- A question -------------------------------------------------------------------------------------------------- */

/* The question's terms; otherwise an exception is set. */
static int read_terms(Search *search, PyObject *terms) {
    for (size_t i = 0; i < search->asked; i++) {
        PyObject *given = PyTuple_GetItem(terms, (Py_ssize_t)i);
        Term *term = &search->terms[i];
        Py_ssize_t number;
        if (!PyTuple_Check(given)) {
            PyErr_SetString(PyExc_TypeError, "a term is a tuple (number, idf, weight)");
            return -1;
        }
        if (!PyArg_ParseTuple(given, "ndd;a term is (number, idf, weight)", &number, &term->idf, &term->weight))
            return -1;
        if (number < 0 || (size_t)number >= count(search->arrays, TERM_CRCS) || !isfinite(term->idf) ||
            !isfinite(term->weight) || term->weight < 0) {
            PyErr_Format(PyExc_ValueError, "there is no such term: %R", given);
            return -1;
        }
        term->number = (size_t)number;
        search->subtracts |= term->idf < 0;
    }
    return 0;
}

/* (score, published, passage, article) */
static PyObject *as_tuple(const Search *search, Found each) {
    const size_t article = u4(search->arrays, ARTICLE_OF)[each.row];
    const int known = article < count(search->arrays, ARTICLE_IDS); /* it was when the row was offered */
    PyObject *items[] = {
        PyFloat_FromDouble(each.score),
        PyLong_FromUnsignedLong(published_on(search, each.row)),
        PyLong_FromLongLong(i8(search->arrays, PASSAGES)[each.row]),
        PyLong_FromLongLong(known ? i8(search->arrays, ARTICLE_IDS)[article] : -1),
    };
    PyObject *tuple = items[0] && items[1] && items[2] && items[3] ? PyTuple_New(4) : NULL;
    for (Py_ssize_t i = 0; i < 4; i++)
        if (tuple == NULL) Py_XDECREF(items[i]);
        else PyTuple_SetItem(tuple, i, items[i]); /* takes it; can't fail on a new tuple */
    return tuple;
}

static PyObject *as_list(const Search *search) {
    PyObject *list = PyList_New((Py_ssize_t)search->found);
    for (size_t i = 0; list != NULL && i < search->found; i++) {
        PyObject *tuple = as_tuple(search, search->best[i]);
        if (tuple == NULL || PyList_SetItem(list, (Py_ssize_t)i, tuple) < 0) Py_CLEAR(list);
    }
    return list;
}

static PyObject *answer(Search *search, PyObject *terms, Column table, Column bounds) {
    PyObject *result = NULL;
    if (!make_room(search)) PyErr_NoMemory();
    else if (read_terms(search, terms) == 0) {
        Py_BEGIN_ALLOW_THREADS
        find_best(search, table, bounds);
        Py_END_ALLOW_THREADS
        result = search->out_of_memory ? PyErr_NoMemory() : as_list(search);
    }
    free_room(search);
    return result;
}

static PyObject *best(PyObject *module, PyObject *const *args, Py_ssize_t given) {
    enum { ARRAYS, TABLE, BOUNDS, LIVE, TERMS, K, FLOOR, SINCE, UNTIL, ALLOWED, ARGUMENTS };
    static const Kind TABLE_KIND = {"table", FLOATS, 8, 8}, BOUNDS_KIND = {"bounds", FLOATS, 8, 8},
                      LIVE_KIND = {"live", FLAGS, 1, 1}, ALLOWED_KIND = {"allowed", FLAGS, 1, 1};
    if (given != ARGUMENTS)
        return PyErr_Format(PyExc_TypeError, "best takes %d arguments, %zd were given", ARGUMENTS, given);
    if (!PyObject_TypeCheck(args[ARRAYS], *(PyTypeObject **)PyModule_GetState(module)))
        return PyErr_Format(PyExc_TypeError, "best takes Arrays first");
    const Column *arrays = ((const Arrays *)args[ARRAYS])->columns;
    const Py_ssize_t k = PyNumber_AsSsize_t(args[K], NULL);
    Search search = {.arrays = arrays, .rows = count(arrays, PASSAGES), .k = k > 0 ? (size_t)k : 0,
                     .floor = PyFloat_AsDouble(args[FLOOR]), .since = PyLong_AsLongLong(args[SINCE]),
                     .until = PyLong_AsLongLong(args[UNTIL])};
    if (PyErr_Occurred()) return NULL;
    if (isnan(search.floor)) return PyErr_Format(PyExc_ValueError, "floor is not a number");
    search.dated = search.since != 0 || search.until != 0;
    search.filtered = search.dated || args[ALLOWED] != Py_None;

    Py_buffer table = {0}, bounds = {0}, live = {0}, allowed = {0};
    PyObject *terms = NULL, *result = NULL;
    if (hold(args[TABLE], &TABLE_KIND, &table) < 0 || hold(args[BOUNDS], &BOUNDS_KIND, &bounds) < 0 ||
        (args[LIVE] != Py_None && hold(args[LIVE], &LIVE_KIND, &live) < 0) ||
        (args[ALLOWED] != Py_None && hold(args[ALLOWED], &ALLOWED_KIND, &allowed) < 0))
        goto done;
    if (args[LIVE] != Py_None && column_of(&live).count != search.rows) {
        PyErr_SetString(PyExc_ValueError, "live and passages differ in length");
        goto done;
    }
    if ((terms = PySequence_Tuple(args[TERMS])) == NULL) goto done;
    search.asked = (size_t)PyTuple_Size(terms);
    search.live = live.buf;
    search.allowed = allowed.buf;
    search.publications = args[ALLOWED] != Py_None ? column_of(&allowed).count : 0;
    result = answer(&search, terms, column_of(&table), column_of(&bounds));
done:
    Py_XDECREF(terms);
    PyBuffer_Release(&table);
    PyBuffer_Release(&bounds);
    PyBuffer_Release(&live);
    PyBuffer_Release(&allowed);
    return result;
}

/* ---- The module -------------------------------------------------------------------------------------------------- */

static PyMethodDef arrays_methods[] = {
    {"find", arrays_find, METH_O, PyDoc_STR("find(term, /)\n--\n\nThe term's number, -1 where no passage holds it.")},
    {0},
};

static PyType_Slot arrays_slots[] = {
    {Py_tp_doc, (void *)(uintptr_t)PyDoc_STR("A segment's arrays; see segment.py.")},
    {Py_tp_new, (void *)arrays_new},
    {Py_tp_dealloc, (void *)arrays_dealloc},
    {Py_tp_methods, arrays_methods},
    {0},
};

static PyType_Spec arrays_spec = {
    .name = "retrieval.segments._kernel.Arrays",
    .basicsize = sizeof(Arrays),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = arrays_slots,
};

static int fill_module(PyObject *module) {
    PyObject **type = PyModule_GetState(module);
    *type = PyType_FromModuleAndSpec(module, &arrays_spec, NULL);
    return *type == NULL ? -1 : PyModule_AddObjectRef(module, "Arrays", *type);
}

static int clear_module(PyObject *module) {
    PyObject **type = PyModule_GetState(module);
    Py_CLEAR(*type);
    return 0;
}

static int traverse_module(PyObject *module, visitproc visit, void *arg) {
    PyObject **type = PyModule_GetState(module);
    Py_VISIT(*type);
    return 0;
}

static PyMethodDef module_methods[] = {
    {"best", (PyCFunction)(void (*)(void))best, METH_FASTCALL,
     PyDoc_STR("best(arrays, table, bounds, live, terms, k, floor, since, until, allowed, /)\n--\n\n"
               "The best k rows as (score, published, passage, article); see kernel.py.")},
    {0},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, (void *)fill_module},
    {0},
};

static PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "retrieval.segments._kernel",
    .m_doc = PyDoc_STR("The compiled search in a segment."),
    .m_size = sizeof(PyObject *),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = traverse_module,
    .m_clear = clear_module,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&module_definition); }
