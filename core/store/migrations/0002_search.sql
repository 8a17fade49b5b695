-- Chunks with their vectors, and a keyword index that holds exact BM25 without another extension.

create table chunk (
    chunk_id   uuid primary key,
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
    singleton   boolean primary key default true check (singleton),
    fingerprint text not null,
    dim         integer not null,
    tokenizer   text not null               -- another analyser needs all terms and vectors anew
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

-- Steps of 5 % keep `avgdl` and so every weight a function of what is stored, whatever the order of
-- loads and deletes, while weights are recomputed only when the mean length leaves its step.
create table keyword_statistics (
    singleton boolean primary key default true check (singleton),
    chunks bigint not null default 0,
    length bigint not null default 0,
    avgdl  double precision not null default 1,
    k1     double precision not null default 1.2,
    b      double precision not null default 0.75
);
insert into keyword_statistics default values;

create function keyword_weights(terms integer[], counts integer[], length integer,
                                avgdl double precision, k1 double precision, b double precision)
returns sparsevec language sql immutable as $$
    select ('{' || coalesce(string_agg(
                t || ':' || (n * (k1 + 1) / (n + k1 * (1 - b + b * length / avgdl)))::real, ','), '')
            || '}/16777216')::sparsevec
      from unnest(terms, counts) as u (t, n)
$$;

create function weigh_keywords() returns void language sql as $$
    update keyword set weights = keyword_weights(terms, counts, keyword.length, avgdl, k1, b)
      from keyword_statistics
$$;

create function count_keywords() returns trigger language plpgsql as $$
declare
    sign integer := case when tg_op = 'INSERT' then 1 else -1 end;
    step double precision;
begin
    -- rows of `term` are shared by all chunks: two writers updating them in turn would deadlock
    perform pg_advisory_xact_lock(hashtext('gongsi:keyword'));
    update term set df = df + sign * changed.n
      from (select unnest(terms) as id, count(*)::integer as n from changes group by 1) as changed
     where term.id = changed.id;
    update keyword_statistics set chunks = chunks + sign * changed.n, length = keyword_statistics.length + sign * changed.l
      from (select count(*) as n, coalesce(sum(changes.length), 0) as l from changes) as changed
     where changed.n > 0;
    select exp(round(ln(greatest(1, length::double precision / greatest(chunks, 1))) * 20) / 20)
      into step from keyword_statistics;
    update keyword_statistics set avgdl = step where avgdl <> step;
    if found then
        perform weigh_keywords();
    end if;
    return null;
end $$;
create trigger keyword_added after insert on keyword
    referencing new table as changes for each statement execute function count_keywords();
create trigger keyword_removed after delete on keyword
    referencing old table as changes for each statement execute function count_keywords();
