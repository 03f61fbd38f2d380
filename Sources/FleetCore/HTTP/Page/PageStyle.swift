/// The page's style sheet: light and dark by the reader's setting, readable on a phone and from across a room.
enum PageStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --paper: #f6f5f2; --card: #ffffff; --ink: #22252a; --faint: #646a73; --line: #e0ddd6;
      --good: #23744a; --warn: #8f5a00; --bad: #b3261e; --calm: #3f5f8a; --accent: #3f5f8a;
      --even: #7c9cc7; --odd: #5a7fb2; --ground: #ebe8e1;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14161a; --card: #1c1f25; --ink: #e4e3df; --faint: #9aa0a8; --line: #2e323a;
        --good: #6fcf97; --warn: #e5b567; --bad: #ff8a80; --calm: #9dbbe6; --accent: #9dbbe6;
        --even: #4d6d9b; --odd: #6788b8; --ground: #272b33;
      }
    }
    * { box-sizing: border-box; }
    html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
    body { margin: 0 auto; max-width: 90rem; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 2rem;
      background: var(--paper); color: var(--ink); overflow-wrap: anywhere; }
    h1, h2, h3, p { margin: 0; }
    h1 { font-size: 1.1rem; font-weight: 600; color: var(--faint); letter-spacing: 0.02em; }
    .headline { font-size: clamp(1.6rem, 4vw, 2.6rem); font-weight: 650; line-height: 1.2; }
    .about, .facts, .looked, footer { color: var(--faint); font-size: 0.875rem; }
    .about { margin-top: 0.25rem; }
    a { color: var(--accent); }
    code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.8125rem; }
    main > section { margin-top: 2rem; }
    h2 { font-size: 0.9375rem; font-weight: 600; color: var(--faint); margin-bottom: 0.6rem; }
    h3 { font-size: 1.125rem; font-weight: 650; }
    .glance { display: flex; flex-wrap: wrap; gap: 0.6rem; list-style: none; margin: 1.25rem 0 0; padding: 0; }
    .glance li { background: var(--card); border: 1px solid var(--line); border-left: 0.3rem solid var(--tone, var(--line));
      border-radius: 0.5rem; padding: 0.35rem 0.9rem; }
    .glance b { font-size: 1.25rem; color: var(--tone, inherit); margin-right: 0.2rem; }
    .nodes { display: grid; gap: 0.75rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); }
    .node, .rebuild, .problem { background: var(--card); border: 1px solid var(--line);
      border-left: 0.3rem solid var(--tone, var(--line)); border-radius: 0.5rem; padding: 0.8rem 1rem; min-width: 0; }
    .node { display: flex; flex-direction: column; gap: 0.2rem; }
    .node .looked { margin-top: auto; padding-top: 0.2rem; }
    .in-sync, .met { --tone: var(--good); }
    .drift, .held, .at-risk { --tone: var(--warn); }
    .attention, .away, .breached, .problem, .missed { --tone: var(--bad); }
    .unknown, .on-track { --tone: var(--calm); }
    .state b { color: var(--tone, inherit); }
    .state time, .rebuild .state { color: var(--faint); }
    .next { color: var(--ink); font-weight: 500; }
    .reason code { color: var(--faint); }
    .hot, .missed td { color: var(--bad); font-weight: 600; }
    .health { font-size: 0.9375rem; }
    details summary { cursor: pointer; color: var(--accent); font-size: 0.875rem; }
    pre { margin: 0.4rem 0 0; padding: 0.6rem 0.75rem; overflow-x: auto; background: var(--paper); color: var(--ink);
      border: 1px solid var(--line); border-radius: 0.375rem; line-height: 1.45; overflow-wrap: normal; max-height: 24rem; }
    .problem { margin-top: 1rem; }
    .problem h2 { color: var(--bad); }
    .problem pre { white-space: pre-wrap; overflow-wrap: anywhere; }
    .rebuilds { display: grid; gap: 0.75rem; }
    .rebuild { display: grid; gap: 0.25rem; }
    svg { display: block; width: 100%; height: 1.75rem; }
    .ground { fill: var(--ground); } .even { fill: var(--even); } .odd { fill: var(--odd); }
    .now { fill: var(--tone, var(--odd)); } .target { fill: var(--ink); }
    .served { border-collapse: collapse; }
    .served th { text-align: left; font-weight: 500; }
    .served th, .served td { padding: 0.15rem 1.5rem 0.15rem 0; vertical-align: top; font-variant-numeric: tabular-nums; }
    .history { list-style: none; margin: 0; padding: 0; }
    .history li { padding: 0.3rem 0; border-top: 1px solid var(--line); }
    .history time { color: var(--faint); font-variant-numeric: tabular-nums; margin-right: 0.4rem; }
    footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 0.75rem; }
    #connection.lost { color: var(--bad); font-weight: 600; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    @media print { body { max-width: none; } pre { max-height: none; white-space: pre-wrap; } }

    """

  static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#3f5f8a"/>\
    <g fill="#fff"><rect x="7" y="7" width="18" height="4" rx="2"/><rect x="7" y="14" width="18" height="4" rx="2"/>\
    <rect x="7" y="21" width="11" height="4" rx="2"/></g></svg>

    """
}
