-- Durable work with lanes, leases and fencing tokens (notes/queue.md), and what was sent for it.

create table job (
    id          bigint generated always as identity primary key,
    queue       text not null,
    key         text not null unique,           -- the event: stored once, however often it is delivered
    lane        text not null,                  -- the conversation: one at a time, first in first out
    payload     jsonb not null,
    state       text not null default 'todo' check (state in ('todo', 'doing', 'done', 'failed')),
    run_at      timestamptz not null default now(),
    attempts    integer not null default 0,
    token       uuid,
    lease_until timestamptz,
    result      jsonb,                          -- the reply, from when it is made until it is delivered
    error       text,
    put_at      timestamptz not null default now(),
    ended_at    timestamptz
);
create index job_todo on job (queue, run_at, id) where state = 'todo';
create index job_lease on job (lease_until) where state = 'doing';
create index job_lane on job (lane, id) where state in ('todo', 'doing');
create unique index job_busy on job (lane) where state = 'doing';
create index job_ended on job (ended_at) where ended_at is not null;

create table sent (
    job     bigint not null references job on delete cascade,
    part    integer not null,
    message text not null,                      -- the platform's id of the message opened for this part
    primary key (job, part)
);

create function job_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('job', new.queue);
    return null;
end $$;
create trigger job_wakes after insert or update of state on job for each row
    when (new.state <> 'doing') execute function job_notify();

-- Which programs and adapters are alive.
create table heartbeat (
    part text not null,                         -- worker, telegram, slack, schedule
    host text not null,                         -- host and process
    at   timestamptz not null default now(),
    primary key (part, host)
);
