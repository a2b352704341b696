/* What the compiled search is given and what it finds: between _kernel.c, which speaks with Python, and _search.c. */
#ifndef AMICUS_SEARCH_H
#define AMICUS_SEARCH_H

#include <stddef.h>
#include <stdint.h>

enum { BLOCK = 128 }; /* postings in a block: segment.py's BLOCK */

/* ---- The arrays: segment.py describes them ----------------------------------------------------------------------- */

enum Name {
    STARTS, ROWS, CODES, BLOCK_STARTS, BLOCK_LAST, BLOCK_BOUNDS, PASSAGES, ARTICLE_OF, ARTICLE_IDS, PUBLISHED,
    PUBLICATION_CODES, TERM_CRCS, TERM_ENDS, TERM_BYTES, NAMES
};

typedef struct {
    const void *at;
    size_t count, size; /* so many numbers of so many bytes each */
} Column;

static inline size_t count(const Column *arrays, enum Name name) { return arrays[name].count; }
static inline const uint32_t *u4(const Column *arrays, enum Name name) { return arrays[name].at; }
static inline const int64_t *i8(const Column *arrays, enum Name name) { return arrays[name].at; }

/* ---- A question -------------------------------------------------------------------------------------------------- */

typedef struct { /* numbers that are stored as codes */
    const void *codes;
    int wide; /* 4 bytes each, or 2 */
    const double *values;
    size_t different;
} Coded;

/* What becomes of a term's postings in a window. */
enum Role {
    ABSENT,
    NEEDED = 1, /* they are added up, and a row without any posting of such a term can't be among the best */
    ADDED = 2,  /* they are added up, being so few that it is cheaper than looking rows up */
    LOOKED_UP = 4,
};

typedef struct {
    double idf, weight;
    size_t number;
    const uint32_t *rows; /* by posting */
    Coded saturation;     /* by posting */
    size_t postings;
    const uint32_t *last; /* by block */
    Coded bounds;         /* by block */
    size_t blocks;
    int rare;          /* so few postings that each is looked at for the caps */
    size_t next;       /* the block (of a rare term: the posting) that the next stretch begins with */
    double largest;    /* the largest |contribution| in the stretch */
    double *caps;      /* by window of the stretch */
    uint32_t *from;    /* by window of the stretch: no posting of the window comes before this one */
    enum Role role;    /* in the window */
    size_t begin, end; /* of the postings that were added up last */
} Term;

typedef struct {
    double score;
    uint32_t row;
} Found;

typedef struct {
    /* What is asked; 0 is nothing set. */
    const Column *arrays;
    size_t rows;
    const uint8_t *live, *allowed; /* NULL where all are */
    size_t publications;           /* the length of `allowed` */
    int64_t since, until;
    int dated, filtered;
    double floor;
    size_t k, asked;
    Term *terms;   /* `asked` of them, in the question's order */
    int subtracts; /* a term has a negative idf */

    /* A stretch of windows. */
    int shift; /* a window has 2^shift rows */
    size_t base, windows;
    double *promise; /* by window: the sum of its caps; 0 once it was looked at */
    uint32_t *from;  /* what the terms' `from` point into */
    Term **cheapest; /* those with a cap; first those that save most postings by being optional */
    size_t capped;

    /* A window. */
    uint32_t first, width; /* its first row and number of rows */
    Term **lookups;        /* the terms that are looked up, in the order of `cheapest` */
    size_t looked_up;
    double *sums;     /* by row of the window; 0 between uses */
    uint32_t *places; /* of the candidates: rows, counted from the window's first, */
    double *reached;  /* and the sums of what was added */
    size_t candidates;

    /* What was found. */
    Found *best; /* a heap, the worst first */
    size_t found, room;
    double slack, need; /* a sum below `need` can't be among the best */
    int out_of_memory;
} Search;

/* There is room for the terms, and for what the search writes; 0 where memory is short. Needs `rows` and `asked`. */
int make_room(Search *search);

/* `best` holds the best rows, the best first, unless `out_of_memory`. Needs what is asked, and a term's first three. */
void find_best(Search *search, Column table, Column bounds);

/* What was made is freed. */
void free_room(Search *search);

/* The date of the row's article, 0 where there is none. */
uint32_t published_on(const Search *search, uint32_t row);

#endif
