-- Workspaces that installed the Slack app by OAuth. The tokens are as good as a password for what the app may do
-- there and stand here in plain: guard the database and its backups. Gone with the app's removal. Of the person
-- who installed it nothing is kept.

create table slack_installation (
    team                 text primary key,
    bot_token            text not null,
    bot_id               text not null,
    bot_user_id          text not null,
    bot_scopes           text not null,
    bot_refresh_token    text,                  -- where the app has token rotation on
    bot_token_expires_at bigint,                -- seconds since 1970
    saved_at             timestamptz not null default now()
);

-- OAuth's `state`: issued to a browser, good once.
create table slack_oauth_state (
    state      text primary key,
    expires_at timestamptz not null
);
