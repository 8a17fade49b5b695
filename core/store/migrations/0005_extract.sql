-- What Extract must remember: calls of the day, filings DART has listed, and how far it was asked.

create function korean_day() returns date language sql stable as
$$ select (now() at time zone 'Asia/Seoul')::date $$;

create table dart_calls (
    day    date primary key,                -- of Korea: OpenDART counts by it
    calls  integer not null default 0,
    closed boolean not null default false   -- OpenDART answered 020: no call until the next day
);

create table receipt (
    rcept_no  text primary key,
    row       jsonb not null,               -- as list.json gave it, and the kind it was asked for
    state     text not null default 'pending' check (state in ('pending', 'fetched', 'absent')),
    reason    text,                         -- why the last attempt to fetch failed
    listed_at timestamptz not null default now()
);
create index receipt_pending on receipt (rcept_no) where state = 'pending';

create view unloaded_receipt as
    select rcept_no, row from receipt as r where state = 'fetched'
        and not exists (select from filing as f where f.rcept_no = r.rcept_no)
        and not exists (select from quarantine as q where q.rcept_no = r.rcept_no);

-- Every filing of `kind` received from `since` to `through` stands in `receipt`.
create table listed (
    corp_code text not null,                -- '*' when all listed companies were asked for
    kind      text not null,
    since     date not null,
    through   date not null,
    at        timestamptz not null default now(),
    primary key (corp_code, kind)
);
