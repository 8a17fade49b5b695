-- Durable work with lanes, leases and fencing tokens (notes/queue.md), and what was sent for it.
--
-- waiting → todo → doing → done | failed. Of each lane one job at most is todo or doing, the first that has
-- not ended; whatever stands behind it is waiting. A claim therefore looks at the heads of lanes alone: its
-- cost does not grow with what has piled up behind a busy one.

create table job (
    id          bigint primary key,             -- given by job_queues, in the order in which a lane commits
    queue       text not null,
    key         text not null unique,           -- the event: stored once, however often it is delivered
    replaces    text,                           -- the key of the event that was edited
    lane        text not null,                  -- the conversation: one at a time, first in first out
    payload     jsonb not null,
    state       text not null check (state in ('waiting', 'todo', 'doing', 'done', 'failed')),
    run_at      timestamptz not null default now(),
    attempts    integer not null default 0,     -- claims
    lost        integer not null default 0,     -- leases that ran out
    token       uuid,
    lease_until timestamptz,
    result      jsonb,                          -- the reply, from when it is made until it is delivered
    error       text,
    put_at      timestamptz not null default now(),
    ended_at    timestamptz
);
create sequence job_id owned by job.id;
create unique index job_head on job (lane) where state in ('todo', 'doing');
create index job_todo on job (queue, run_at, id) where state = 'todo';
create index job_waiting on job (lane, id) where state = 'waiting';
create index job_lease on job (lease_until) where state = 'doing';
create index job_ended on job (ended_at) where ended_at is not null;
create index job_replaces on job (replaces) where replaces is not null;
-- Rows are written about five times and then rest: dead ones are to go long before a fifth of the table is.
alter table job set (autovacuum_vacuum_scale_factor = 0.02);

create table sent (
    job     bigint not null references job on delete cascade,
    part    integer not null,
    message text not null,                      -- the platform's id of the message opened for this part
    primary key (job, part)
);

-- Taken until the end of the transaction by whoever adds to a lane or takes from it. The seed keeps it
-- apart from the locks of turns (core/store/turns.py), which last as long as an answer.
create function job_lock(lane text) returns void language sql as $$
    select pg_advisory_xact_lock(hashtextextended(lane, 13))
$$;

-- The id is drawn under the lane's lock: a lower id of the same lane can never commit later.
create function job_queues() returns trigger language plpgsql as $$
begin
    perform job_lock(new.lane);
    new.id := nextval('job_id');
    new.replaces := new.payload->>'replaces';
    new.state := case when exists (
        select from job where lane = new.lane and state in ('waiting', 'todo', 'doing')
    ) then 'waiting' else 'todo' end;
    return new;
end $$;
create trigger job_queues before insert on job for each row execute function job_queues();

-- What has ended keeps nothing of a person: the key to know it again, what was sent, when and why.
create function job_empties() returns trigger language plpgsql as $$
begin
    new.lane := '';
    new.payload := '{}';
    new.result := null;
    new.token := null;
    new.lease_until := null;
    new.ended_at := now();
    return new;
end $$;
create trigger job_empties before update of state on job for each row
    when (new.state in ('done', 'failed')) execute function job_empties();

-- The next of the lane comes to its head, however the one before it ended.
create function job_moves_up() returns trigger language plpgsql as $$
begin
    perform job_lock(old.lane);
    update job set state = 'todo'
    where id = (select min(id) from job where lane = old.lane and state = 'waiting')
        and not exists (select from job where lane = old.lane and state in ('todo', 'doing'));
    return null;
end $$;
create trigger job_moves_up after update of state on job for each row
    when (old.state in ('todo', 'doing') and new.state in ('done', 'failed')) execute function job_moves_up();

create function job_wakes() returns trigger language plpgsql as $$
begin
    perform pg_notify('job', new.queue);
    return null;
end $$;
create trigger job_wakes after insert or update of state on job for each row
    when (new.state = 'todo' and new.run_at <= now()) execute function job_wakes();

-- Whether a person wrote it, or it goes to one of their private rooms (`platform:chat`).
create function job_concerns(payload jsonb, person text, rooms text[]) returns boolean language sql immutable
as $$
    select coalesce(payload->>'person' = person, false)
        or coalesce((payload #>> '{place,platform}') || ':' || (payload #>> '{place,chat}') = any (rooms), false)
$$;

-- Which programs and adapters are alive.
create table heartbeat (
    part text not null,                         -- worker, telegram, slack, schedule
    host text not null,                         -- host and process
    at   timestamptz not null default now(),
    primary key (part, host)
);
