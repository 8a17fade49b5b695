-- Chunks with their vectors, and a keyword index that holds exact BM25 without another extension.

create table chunk (
    chunk_id   uuid primary key default gen_random_uuid(),
    key        text not null unique,        -- Chunk.chunk_id as transform names it
    rcept_no   text not null references filing on delete cascade,
    corp_code  text not null,
    ordinal    integer not null,
    passage    integer not null,
    header     text not null,
    content    text not null,
    embedding  halfvec(256) not null,       -- unit length or zero, so inner product is cosine
    unique (rcept_no, ordinal)
);
create index chunk_corp on chunk (corp_code);
-- the vectors' own index is made by index.py, whose dimension follows the embedding model

create table embedding_model (
    only        boolean primary key default true check (only),
    fingerprint text not null,
    dim         integer not null
);

-- What a static embedder worked out for a morpheme, so that the next process need not.
create table morpheme_vector (
    fingerprint text not null,
    term        text not null,
    vector      bytea not null,             -- float16, little endian
    primary key (fingerprint, term)
);

create table term (
    id   integer generated always as identity primary key,
    term text not null unique,
    df   integer not null default 0         -- chunks that hold it; kept by the triggers below
);

-- `weights` is derived: tf·(k1+1) / (tf + k1·(1−b+b·length/avgdl)) by term id, in the avgdl of
-- keyword_statistics. `terms` ascend; `counts` stand in the same order.
create table keyword (
    chunk_id uuid primary key references chunk on delete cascade,
    terms    integer[] not null,
    counts   integer[] not null,
    length   integer not null,
    weights  sparsevec(16777216) not null
);
create index keyword_terms on keyword using gin (terms);

-- `avgdl` is what the weights were made with: the true mean to within its step (see index.py).
create table keyword_statistics (
    only    boolean primary key default true check (only),
    chunks  bigint not null default 0,
    length  bigint not null default 0,
    avgdl   double precision not null default 1,
    k1      double precision not null default 1.2,
    b       double precision not null default 0.75,
    tokenizer text not null default ''
);
insert into keyword_statistics default values;

create function count_keywords() returns trigger language plpgsql as $$
declare sign integer := case when tg_op = 'INSERT' then 1 else -1 end;
begin
    -- rows of `term` are shared by all chunks: two writers updating them in turn would deadlock
    perform pg_advisory_xact_lock(hashtext('gongsi:keyword'));
    update term set df = df + sign * changed.n
      from (select unnest(terms) as id, count(*)::integer as n from rows group by 1) as changed
     where term.id = changed.id;
    update keyword_statistics set chunks = chunks + sign * changed.n, length = length + sign * changed.l
      from (select count(*) as n, coalesce(sum(rows.length), 0) as l from rows) as changed
     where changed.n > 0;
    return null;
end $$;
create trigger keyword_added after insert on keyword
    referencing new table as rows for each statement execute function count_keywords();
create trigger keyword_removed after delete on keyword
    referencing old table as rows for each statement execute function count_keywords();

create function keyword_weights(terms integer[], counts integer[], length integer,
                                avgdl double precision, k1 double precision, b double precision)
returns sparsevec language sql immutable as $$
    select ('{' || coalesce(string_agg(
                t || ':' || (n * (k1 + 1) / (n + k1 * (1 - b + b * length / avgdl)))::real, ','), '')
            || '}/16777216')::sparsevec
      from unnest(terms, counts) as u (t, n)
$$;
