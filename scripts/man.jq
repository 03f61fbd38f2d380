# fleetd --experimental-dump-help as a manual page in mdoc(7): one source for --help and fleetd(8).
def safe: gsub("\\\\"; "\\e") | gsub("(?m)^(?<dot>[.'])"; "\\&\(.dot)") | gsub("-"; "\\-") | gsub("…"; "...");
def flag: if .kind == "short" then "\\-\(.name)" else "\\-\\-\(.name | safe)" end;
def value: if .kind == "option" then " Ar " + (.valueName | safe) else "" end;
def literal: ".Bd -literal -offset indent\n\(safe | gsub("\n\n"; "\n.sp\n"))\n.Ed";
def prose: split("\n\n") | map(if test("(^|\n)  |   ") then literal else safe end) | join("\n.Pp\n");
def shown: [.arguments[]? | select(.shouldDisplay and (.names // [] | map(.name) | any(. == "help" or . == "version")) == false)];
def entry:
  (if .kind == "positional" then ".It Ar \(.valueName | safe)"
   else ".It " + ([.names[] | "Fl " + (flag | ltrimstr("\\-"))] | join(" , ")) + value end)
  + "\n" + (.abstract // "" | safe)
  + (if .allValues then "\nOne of: " + (.allValues | join(", ") | safe) + "." else "" end)
  + (if .defaultValue then "\nDefault: " + (.defaultValue | safe) + "." else "" end);
def options: shown | if length > 0 then ".Bl -tag -width indent\n" + (map(entry) | join("\n")) + "\n.El" else "" end;
# The part of a discussion before and behind its heading EXIT CODES.
def before: split("\n\nEXIT CODES\n")[0];
def codes: (split("\n\nEXIT CODES\n")[1] // "");

.command as $root
| [$root.subcommands[] | select(.commandName != "help")] as $all
| ($all | map(select(.commandName == $root.defaultSubcommand)) | first) as $pass
| ".Dd $Mdocdate$\n.Dt FLEETD 8\n.Os\n.Sh NAME\n.Nm fleetd\n.Nd \($root.abstract | safe)",
  ".Sh SYNOPSIS\n.Nm\n.Fl \\-check Op Fl \\-offline\n.Op Ar options\n.Nm\n.Fl \\-once Op Fl \\-yes\n.Op Ar options\n.Nm\n.Ar command Op Ar options",
  ".Sh DESCRIPTION",
  ($root.discussion // "" | before | prose),
  ".Sh OPTIONS\nOf a pass, which is typed without a command's name:",
  ($pass // $root | options),
  ".Sh COMMANDS",
  ($all[] | select(.shouldDisplay and .commandName != $pass.commandName)
    | ".Ss \(.commandName | safe)\n\(.abstract // "" | safe)\n.Pp\n" + (.discussion // "" | before | if . == "" then "" else prose + "\n" end) + options
    + (.discussion // "" | codes | if . == "" then "" else "\nExit codes:\n" + literal end)),
  ".Sh ENVIRONMENT\n.Bl -tag -width indent",
  ".It Ev NO_COLOR\nNo colours, unless\n.Fl \\-color Cm always\nsays otherwise.",
  ".It Ev TERM , Ev CI\nProgress is plain lines where TERM is unset or dumb, or CI is set.",
  ".It Ev CREDENTIALS_DIRECTORY\nWhere the credentials are that the configuration names as secrets.\n.El",
  ".Sh FILES\n.Bl -tag -width indent",
  ".It Pa /etc/fleetd/fleetd.yaml\nThe control node's own configuration; else\n.Pa ~/.config/fleetd/fleetd.yaml .\n.Nm Cm explain ControlNode\ndescribes it.",
  ".It Pa inventory/\nIn the state repository: one Fleet, Profiles and Nodes.",
  ".It Pa /var/lib/fleetd/fleetd.db\nThe record of runs; beside it is what else outlives one. For accounts other than root below\n.Pa ~/.local/state/fleetd .",
  ".It Pa ~/.ssh/known_hosts\nHost keys of nodes without\n.Li hostKeys ,\nunless the configuration names another file.\n.El",
  ".Sh EXIT STATUS",
  ($root.discussion // "" | codes | literal),
  ".Sh SEE ALSO\n.Xr ssh 1 ,\n.Xr sshd 8 ,\n.Xr systemd 1"
