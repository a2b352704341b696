/* The best rows of a segment, exactly, without looking at most of them.
 *
 * How
 *   Rows are looked at in windows of 4,096 or 8,192. A cap is the most that a term can add to the score of a row in a
 *   window, known from the bounds of its blocks (Ding & Suel, "Faster top-k document retrieval using block-max
 *   indexes", SIGIR 2011). A window whose caps together don't reach the k-th best score so far is left out. In any
 *   other, terms that together can't reach it are optional (MaxScore: Turtle & Flood, "Query evaluation: strategies and
 *   optimizations", IP&M 31(6), 1995). The postings of the others are added up in an array of the window's rows; so are
 *   those of optional terms with few postings. Other optional terms are looked up, the rarest first, for rows that can
 *   still get there. The few rows that are left then get their score added up anew in the question's order, so that its
 *   last bit is the one that a plain summing gives.
 *   The windows that promise most come first, since they raise the k-th best score early; then all others in order of
 *   rows, as memory likes it best.
 *
 * Why that leaves out no row
 *   Sums in another order, and caps from rounded tables, differ from the score in the last bits only. All comparisons
 *   with the k-th best score therefore allow for `slack`, which is more than that, and rows that tie with it stay in.
 *
 * What is not trusted
 *   The arrays may come from a damaged file. No number out of them is used as a place before it was compared with the
 *   end of what it points into. Wrong numbers give wrong answers, and nothing worse. What is read twice is checked
 *   twice, as a mapped file may change meanwhile.
 */
#include "_search.h"

#include <math.h>
#include <stdlib.h>

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

/* Measured at 10,000 to 1,000,000 rows; twice or half as much changes little. */
enum {
    LEAST_SHIFT = 12, /* a window has 2^12 rows, so that its sums fit in the first cache, */
    MOST_SHIFT = 13,  /* or 2^13, where so many windows would cost more than they leave out */
    WINDOWS = 128,    /* caps are kept for so many windows at a time: a bound on memory */
    LEADERS = 8,      /* windows that are looked at first */
    LOOKUP = 4,       /* looking a row up costs as much as adding so many postings */
};
static const double ROUNDING = 1e-14; /* more than an addition or a bound can be off, as a share of the largest sum */
static const size_t NOWHERE = SIZE_MAX;

static inline double decoded(const Coded *coded, size_t i) {
    const size_t code = coded->wide ? ((const uint32_t *)coded->codes)[i] : ((const uint16_t *)coded->codes)[i];
    return code < coded->different ? coded->values[code] : 0.0;
}

/* What a posting adds to its row's score: the same operations in the same order as numpy_search.py. */
static inline double contribution(const Term *term, size_t posting) {
    return term->weight * (term->idf * decoded(&term->saturation, posting));
}

/* The most that a posting of the block adds. */
static inline double bound_of(const Term *term, size_t block) {
    return term->weight * (term->idf * decoded(&term->bounds, block));
}

/* ---- Which rows count -------------------------------------------------------------------------------------------- */

static int article_passes(const Search *search, size_t article) {
    if (article >= count(search->arrays, ARTICLE_IDS)) return 0;
    if (search->dated) {
        const int64_t published = u4(search->arrays, PUBLISHED)[article];
        if (published == 0 || published < search->since || published > search->until) return 0;
    }
    if (search->allowed == NULL) return 1;
    const size_t code = u4(search->arrays, PUBLICATION_CODES)[article];
    return code < search->publications && search->allowed[code];
}

/* Whether an article in the window passes; an article's rows stand side by side. */
static int any_passes(const Search *search) {
    const uint32_t *article_of = u4(search->arrays, ARTICLE_OF) + search->first;
    const size_t first = article_of[0], last = article_of[search->width - 1];
    if (first > last) return 1; /* damaged: each row will be asked */
    for (size_t article = first; article <= last && article < count(search->arrays, ARTICLE_IDS); article++)
        if (article_passes(search, article)) return 1;
    return 0;
}

/* ---- The best so far --------------------------------------------------------------------------------------------- */

uint32_t published_on(const Search *search, uint32_t row) {
    const size_t article = u4(search->arrays, ARTICLE_OF)[row];
    return article < count(search->arrays, PUBLISHED) ? u4(search->arrays, PUBLISHED)[article] : 0;
}

static int better(const Search *search, Found a, Found b) {
    if (a.score != b.score) return a.score > b.score;
    const uint32_t one = published_on(search, a.row), other = published_on(search, b.row);
    if (one != other) return one > other;
    const int64_t *passages = i8(search->arrays, PASSAGES);
    return passages[a.row] != passages[b.row] ? passages[a.row] < passages[b.row] : a.row < b.row;
}

static void sift_down(Search *search, size_t size) {
    Found *heap = search->best, moved = heap[0];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < size; at = child) {
        if (child + 1 < size && better(search, heap[child], heap[child + 1])) child++;
        if (!better(search, moved, heap[child])) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

static void push(Search *search, Found entry) {
    if (search->found == search->room) {
        const size_t room = search->room ? 2 * search->room : 32;
        Found *larger = realloc(search->best, room * sizeof *larger);
        if (larger == NULL) {
            search->out_of_memory = 1;
            return;
        }
        search->best = larger;
        search->room = room;
    }
    size_t at = search->found++;
    for (size_t parent; at > 0 && better(search, search->best[parent = (at - 1) / 2], entry); at = parent)
        search->best[at] = search->best[parent];
    search->best[at] = entry;
}

static void set_need(Search *search) {
    double least = search->floor > 0 ? search->floor : 0;
    if (search->found == search->k && search->best[0].score > least) least = search->best[0].score;
    search->need = least - search->slack;
}

/* The row is among the best if its score is. */
static void offer(Search *search, Found entry) {
    const int full = search->found == search->k;
    if (!(entry.score > 0) || entry.score < search->floor || (full && entry.score < search->best[0].score)) return;
    if (search->live && !search->live[entry.row]) return;
    if (u4(search->arrays, ARTICLE_OF)[entry.row] >= count(search->arrays, ARTICLE_IDS)) return;
    if (!full) push(search, entry);
    else if (better(search, entry, search->best[0])) {
        search->best[0] = entry;
        sift_down(search, search->found);
    }
    set_need(search);
}

/* The best stand in order, the best first. */
static void rank(Search *search) {
    for (size_t left = search->found; left > 1;) {
        const Found worst = search->best[0];
        search->best[0] = search->best[--left];
        sift_down(search, left);
        search->best[left] = worst;
    }
}

/* ---- Looking a row up -------------------------------------------------------------------------------------------- */

static size_t block_of(const Term *term, size_t window, uint32_t row) {
    size_t block = term->from[window] / BLOCK;
    while (block < term->blocks && term->last[block] < row) block++;
    return block;
}

/* The first posting of the block, from `low` on, whose row is not below this one; the block's end if there is none. */
static size_t place_in_block(const Term *term, size_t block, size_t low, uint32_t row) {
    const size_t begin = block * BLOCK, end = begin + BLOCK < term->postings ? begin + BLOCK : term->postings;
    if (low < begin) low = begin;
    for (size_t n = end - low; n > 0;) {
        const size_t half = (n + 1) / 2;
        low += term->rows[low + half - 1] < row ? half : 0;
        n -= half;
    }
    return low;
}

/* The posting with this row in the block, NOWHERE if there is none. */
static size_t posting_at(const Term *term, size_t block, uint32_t row) {
    const size_t at = place_in_block(term, block, 0, row);
    return at < term->postings && term->rows[at] == row ? at : NOWHERE;
}

/* The row's score, added up in the question's order. */
static double exact_score(const Search *search, size_t window, uint32_t row) {
    double score = 0.0;
    for (size_t i = 0; i < search->asked; i++) {
        const Term *term = &search->terms[i];
        const size_t block = block_of(term, window, row);
        const size_t at = block < term->blocks ? posting_at(term, block, row) : NOWHERE;
        if (at != NOWHERE) score += contribution(term, at);
    }
    return score;
}

/* What the term adds to the row's score; 0 where the row's block shows that even then it would not reach `lacking`. */
static double look_up(const Term *term, size_t window, uint32_t row, double lacking) {
    const size_t block = block_of(term, window, row);
    if (block == term->blocks || bound_of(term, block) < lacking) return 0.0;
    const size_t at = posting_at(term, block, row);
    return at == NOWHERE ? 0.0 : contribution(term, at);
}

/* ---- A window ---------------------------------------------------------------------------------------------------- */

/* About how many postings the term has in the window. */
static size_t postings_in(const Search *search, const Term *term, size_t window) {
    return (window + 1 < search->windows ? term->from[window + 1] : term->postings) - term->from[window];
}

/* Each term has its role in the window. Answers the most that those make together that are looked up. */
static double give_roles(Search *search, size_t window) {
    double optional = 0.0;
    size_t postings = BLOCK / 4; /* as few as that are no reason to look rows up */
    for (size_t i = 0; i < search->capped; i++) {
        Term *term = search->cheapest[i];
        const double cap = term->caps[window];
        term->role = cap > 0 ? (optional + cap < search->need ? LOOKED_UP : NEEDED) : ABSENT;
        if (term->role == LOOKED_UP) optional += cap;
        if (term->role == NEEDED) postings += postings_in(search, term, window);
    }
    search->looked_up = 0;
    for (size_t i = 0; i < search->capped; i++) {
        Term *term = search->cheapest[i];
        if (term->role != LOOKED_UP) continue;
        if (postings_in(search, term, window) > LOOKUP * postings) search->lookups[search->looked_up++] = term;
        else {
            term->role = ADDED;
            optional -= term->caps[window];
        }
    }
    return optional;
}

/* The first posting of the window that begins with row `base`: where the last one ended, if it was the one before. */
static size_t first_posting(const Term *term, size_t window, uint32_t base) {
    const size_t at = term->from[window], end = term->end;
    if (at >= term->postings || term->rows[at] >= base) return at;
    if (end > at && end < term->postings && term->rows[end - 1] < base && term->rows[end] >= base) return end;
    return place_in_block(term, at / BLOCK, at, base);
}

/* The sums hold what the term adds to the window's rows. */
static void add_up(const Search *search, Term *term, size_t window) {
    const Term its = *term; /* what is written in the loop can't be this copy: it stays in registers */
    const uint32_t base = search->first, width = search->width;
    double *sums = search->sums;
    size_t at = term->begin = first_posting(term, window, base);
    for (; at < its.postings; at++) {
        const uint32_t place = its.rows[at] - base;
        if (place >= width) break;
        sums[place] += contribution(&its, at);
    }
    term->end = at;
}

/* The term's rows that can reach what is needed are candidates; their sums are 0 again. */
static void gather(Search *search, const Term *term, double spare) {
    const double need = search->need - spare;
    const uint32_t *rows = term->rows, base = search->first, width = search->width;
    const size_t end = term->end;
    double *sums = search->sums, *reached = search->reached;
    uint32_t *places = search->places;
    size_t n = search->candidates;
    for (size_t i = term->begin; i < end; i++) {
        const uint32_t place = rows[i] - base;
        if (place >= width) continue; /* changed since it was added */
        const double sum = sums[place];
        sums[place] = 0.0;
        places[n] = place; /* written over by the next, if it doesn't count */
        reached[n] = sum;
        n += (sum > 0) & (sum >= need);
    }
    search->candidates = n;
}

/* The candidates that pass the filters are left. */
static void filter(Search *search) {
    size_t n = 0;
    for (size_t i = 0; i < search->candidates; i++) {
        const uint32_t place = search->places[i];
        search->places[n] = place;
        search->reached[n] = search->reached[i];
        n += (size_t)article_passes(search, u4(search->arrays, ARTICLE_OF)[search->first + place]);
    }
    search->candidates = n;
}

/* The term's sums are 0 again. */
static void wipe(Search *search, const Term *term) {
    const uint32_t *rows = term->rows, base = search->first, width = search->width;
    const size_t end = term->end;
    double *sums = search->sums;
    for (size_t i = term->begin; i < end; i++) {
        const uint32_t place = rows[i] - base;
        if (place < width) sums[place] = 0.0;
    }
}

/* The candidates have what the term adds, and those are left that the others can still bring to what is needed. */
static void narrow(Search *search, const Term *term, size_t window, double spare) {
    const double need = search->need - spare;
    size_t n = 0;
    for (size_t i = 0; i < search->candidates; i++) {
        const uint32_t place = search->places[i];
        const double sum = search->reached[i];
        search->places[n] = place;
        search->reached[n] = sum + look_up(term, window, search->first + place, need - sum);
        n += search->reached[n] >= need;
    }
    search->candidates = n;
}

static void offer_candidates(Search *search, size_t window) {
    for (size_t i = 0; i < search->candidates; i++) {
        if (search->reached[i] < search->need) continue;
        const uint32_t row = search->first + search->places[i];
        const int in_order = !search->looked_up && !search->subtracts;
        offer(search, (Found){in_order ? search->reached[i] : exact_score(search, window, row), row});
    }
}

/* What is added up is asked for where the next window begins, so that it is there when it is looked at. */
static void fetch(const Search *search, size_t next) {
    for (size_t i = 0; i < search->asked; i++) {
        const Term *term = &search->terms[i];
        if (!(term->role & (NEEDED | ADDED)) || term->from[next] >= term->postings) continue;
        PREFETCH(term->rows + term->from[next]);
        PREFETCH((const char *)term->saturation.codes + (term->saturation.wide ? 4 : 2) * term->from[next]);
    }
}

static void look_at(Search *search, size_t window) {
    const double promise = search->promise[window];
    if (!(promise > 0) || promise < search->need) return;
    search->promise[window] = 0.0;
    const size_t first = search->base + (window << search->shift), most = (size_t)1 << search->shift;
    search->first = (uint32_t)first;
    search->width = (uint32_t)(search->rows - first < most ? search->rows - first : most);
    if (search->filtered && !any_passes(search)) return;
    double spare = give_roles(search, window);
    if (window + 1 < search->windows) fetch(search, window + 1);
    search->candidates = 0;
    for (size_t i = 0; i < search->asked; i++)
        if (search->terms[i].role & (NEEDED | ADDED)) add_up(search, &search->terms[i], window);
    for (size_t i = 0; i < search->asked; i++)
        if (search->terms[i].role == NEEDED) gather(search, &search->terms[i], spare);
    for (size_t i = 0; i < search->asked; i++)
        if (search->terms[i].role == ADDED) wipe(search, &search->terms[i]);
    if (search->filtered) filter(search);
    for (size_t i = search->looked_up; i-- > 0 && search->candidates > 0;) {
        spare -= search->lookups[i]->caps[window];
        narrow(search, search->lookups[i], window, spare);
    }
    offer_candidates(search, window);
}

/* ---- A stretch of windows ---------------------------------------------------------------------------------------- */

static void raise_cap(Term *term, size_t window, double made) {
    if (made > term->caps[window]) term->caps[window] = made;
}

static void note_largest(Term *term, double made) {
    if (fabs(made) > term->largest) term->largest = fabs(made);
}

/* The caps of a rare term are what its postings make. */
static void cap_by_postings(const Search *search, Term *term) {
    size_t filled = 0, i = term->next;
    for (; i < term->postings; i++) {
        const size_t window = ((size_t)term->rows[i] - search->base) >> search->shift;
        if (window >= search->windows) break;
        const double made = contribution(term, i);
        note_largest(term, made);
        raise_cap(term, window, made);
        while (filled <= window) term->from[filled++] = (uint32_t)i;
    }
    while (filled < search->windows) term->from[filled++] = (uint32_t)term->postings;
    term->next = i;
}

/* The caps of any other term are the bounds of the blocks that reach into the window. */
static void cap_by_blocks(const Search *search, Term *term) {
    const size_t end = search->base + (search->windows << search->shift);
    size_t filled = 0, from = 0, block = term->next;
    for (; block < term->blocks; block++) {
        const size_t last = term->last[block];
        if (last < search->base) continue; /* it ended with the stretch before */
        const size_t to = last < end ? (last - search->base) >> search->shift : search->windows - 1;
        const double made = bound_of(term, block);
        note_largest(term, made);
        for (size_t window = from; window <= to; window++) raise_cap(term, window, made);
        while (filled <= to) term->from[filled++] = (uint32_t)(block * BLOCK);
        from = to;
        if (last >= end) break; /* the next stretch begins in it */
    }
    while (filled < search->windows) term->from[filled++] = (uint32_t)term->postings;
    term->next = block;
}

/* `cheapest` holds the terms with a cap: first those whose postings are many for what they add. */
static void sort_terms(Search *search) {
    search->capped = 0;
    for (size_t i = 0; i < search->asked; i++) {
        Term *term = &search->terms[i];
        term->role = ABSENT;
        if (!(term->idf > 0) || !(term->largest > 0)) continue;
        size_t at = search->capped++;
        const double saved = (double)term->postings / term->largest;
        for (; at > 0; at--) {
            const Term *before = search->cheapest[at - 1];
            if ((double)before->postings / before->largest >= saved) break;
            search->cheapest[at] = search->cheapest[at - 1];
        }
        search->cheapest[at] = term;
    }
}

static void cap_terms(Search *search) {
    double largest = 0.0;
    for (size_t window = 0; window < search->windows; window++) search->promise[window] = 0.0;
    for (size_t i = 0; i < search->asked; i++) {
        Term *term = &search->terms[i];
        term->largest = 0.0;
        for (size_t window = 0; window < search->windows; window++) term->caps[window] = 0.0;
        if (term->rare) cap_by_postings(search, term);
        else cap_by_blocks(search, term);
        for (size_t window = 0; window < search->windows; window++) search->promise[window] += term->caps[window];
        largest += term->largest;
    }
    sort_terms(search);
    search->slack = ROUNDING * (double)(search->asked + 16) * largest;
    set_need(search);
}

/* The windows that promise most are looked at. */
static void look_at_leaders(Search *search) {
    size_t leaders[LEADERS], n = 0;
    for (size_t window = 0; window < search->windows; window++) {
        const double promise = search->promise[window];
        if (n == LEADERS && promise <= search->promise[leaders[n - 1]]) continue;
        size_t at = n < LEADERS ? n++ : n - 1;
        for (; at > 0 && search->promise[leaders[at - 1]] < promise; at--) leaders[at] = leaders[at - 1];
        leaders[at] = window;
    }
    for (size_t i = 0; i < n; i++) look_at(search, leaders[i]);
}

/* How many windows the stretch has that begins with this row. */
static size_t windows_from(const Search *search, size_t row) {
    const size_t all = (search->rows - row + ((size_t)1 << search->shift) - 1) >> search->shift;
    return all < WINDOWS ? all : WINDOWS;
}

static void look_everywhere(Search *search) {
    for (search->base = 0; search->base < search->rows; search->base += search->windows << search->shift) {
        search->windows = windows_from(search, search->base);
        cap_terms(search);
        look_at_leaders(search);
        for (size_t window = 0; window < search->windows && !search->out_of_memory; window++) look_at(search, window);
    }
    rank(search);
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static Coded coded(Column codes, size_t first, Column values) {
    return (Coded){(const char *)codes.at + first * codes.size, codes.size == 4, values.at, values.count};
}

/* The term's lists; none where the numbers that say where they stand can't be right. */
static void locate(const Search *search, Term *term, Column table, Column bounds) {
    const Column *arrays = search->arrays;
    const size_t number = term->number;
    const size_t begin = u4(arrays, STARTS)[number], end = u4(arrays, STARTS)[number + 1];
    const size_t first = u4(arrays, BLOCK_STARTS)[number], after = u4(arrays, BLOCK_STARTS)[number + 1];
    if (begin >= end || end > count(arrays, ROWS) || first >= after || after > count(arrays, BLOCK_LAST) ||
        after - first != (end - begin + BLOCK - 1) / BLOCK)
        return;
    term->rows = u4(arrays, ROWS) + begin;
    term->saturation = coded(arrays[CODES], begin, table);
    term->postings = end - begin;
    term->last = u4(arrays, BLOCK_LAST) + first;
    term->bounds = coded(arrays[BLOCK_BOUNDS], first, bounds);
    term->blocks = after - first;
    term->rare = term->postings <= 2 * (search->rows >> search->shift);
}

/* The terms' lists. All are asked for before any is waited for: where memory is cold, that is most of the time. */
static void locate_all(Search *search, Column table, Column bounds) {
    const Column *arrays = search->arrays;
    for (size_t i = 0; i < search->asked; i++) {
        PREFETCH(u4(arrays, STARTS) + search->terms[i].number);
        PREFETCH(u4(arrays, BLOCK_STARTS) + search->terms[i].number);
    }
    for (size_t i = 0; i < search->asked; i++) {
        const Term *term = &search->terms[i];
        locate(search, &search->terms[i], table, bounds);
        if (term->postings == 0) continue;
        PREFETCH(term->last);
        PREFETCH(term->bounds.codes);
        PREFETCH(term->rows);
        PREFETCH(term->saturation.codes);
    }
}

int make_room(Search *search) {
    search->shift = LEAST_SHIFT;
    while (search->shift < MOST_SHIFT && search->rows >> search->shift > WINDOWS) search->shift++;
    const size_t windows = windows_from(search, 0), width = (size_t)1 << search->shift, n = search->asked;
    search->terms = calloc(n + 1, sizeof *search->terms);
    search->cheapest = malloc((2 * n + 1) * sizeof *search->cheapest);
    search->promise = malloc((windows * (n + 1) + 1) * sizeof *search->promise);
    search->from = malloc((windows * n + 1) * sizeof *search->from);
    search->sums = calloc(width, sizeof *search->sums);
    search->reached = malloc((width + 1) * sizeof *search->reached);
    search->places = malloc((width + 1) * sizeof *search->places);
    if (!search->terms || !search->cheapest || !search->promise || !search->from || !search->sums || !search->reached ||
        !search->places)
        return 0;
    search->lookups = search->cheapest + n;
    for (size_t i = 0; i < n; i++) {
        search->terms[i].caps = search->promise + (i + 1) * windows;
        search->terms[i].from = search->from + i * windows;
    }
    return 1;
}

void free_room(Search *search) {
    free(search->terms);
    free(search->cheapest);
    free(search->promise);
    free(search->from);
    free(search->sums);
    free(search->reached);
    free(search->places);
    free(search->best);
}

void find_best(Search *search, Column table, Column bounds) {
    locate_all(search, table, bounds);
    if (search->k > 0) look_everywhere(search);
}
