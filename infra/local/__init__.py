"""The whole product on one machine: a durable AWS in one process, its clock, its outbox.

    running             starts and stops an engine, from the outside
    stack               the real template.yaml on it: parameters, fictional agency, signing key
    engine              the process itself, which puts the following together
    settings            where things are, how long a day lasts
    patch               replaces a private function of ministack, or refuses to start
    store               the SQLite file
    activity            is anything being done right now?
    moving_clock        what time it is
    durable_tables      DynamoDB and its streams
    durable_executions  Step Functions
    honest_lambdas      errors by their name, answers in milliseconds
    rights              whom a request is about, for the policies
    leading_keys        rights that end at some keys of a table
    outside             mail kept as files, schedules on our clock
    passing_days        lets days pass one alarm at a time
    gateway             the site and its API on one origin
    visitors            requests that come from other sites
    windows             the pages under /_local/: outbox, printed letters, clock

Only `running` and `stack` may be imported outside the engine's own process: the others change ministack as they are imported.
"""
