package import FleetModel

extension NotificationReceiver.BuiltIn {
  /// The Mustache text; docs/notifications.md shows it as an example for own ones.
  package var text: String {
    switch self {
    case .slack: Self.slackText
    case .ntfy: Self.ntfyText
    case .alertmanager: Self.alertmanagerText
    case .json: Self.jsonText
    }
  }

  /// Headers that go with it; those of the configuration win. Their values are templates, too.
  package var headers: [String: String] {
    self == .ntfy
      ? [
        "Title": "{{title}}",
        "Tags": "{{#resolved}}white_check_mark{{/resolved}}{{^resolved}}{{severity}}{{/resolved}}",
        "Priority": "{{#critical}}high{{/critical}}{{^critical}}default{{/critical}}",
      ] : [:]
  }

  /// An incoming webhook of Slack's; Mattermost and Rocket.Chat take the same.
  private static let slackText = #"""
    {"text": "{{#critical}}:red_circle:{{/critical}}{{#warning}}:warning:{{/warning}}{{#info}}:white_check_mark:{{/info}} *{{title}}*\n{{message}}{{#digest}}\n• {{.}}{{/digest}}{{#more}}\n… and {{more}} more{{/more}}{{#next}}\n→ {{next}}{{/next}}{{#runbook}}\n{{runbook}}{{/runbook}}{{#dropped}}\n({{dropped}} before it could not be delivered){{/dropped}}"}
    """#

  /// The body is the message; the rest travels in headers.
  private static let ntfyText = #"""
    {{message}}{{#digest}}
    - {{.}}{{/digest}}{{#more}}
    … and {{more}} more{{/more}}{{#next}}
    → {{next}}{{/next}}{{#runbook}}
    {{runbook}}{{/runbook}}{{#dropped}}
    ({{dropped}} before it could not be delivered){{/dropped}}
    """#

  /// POST /api/v2/alerts. The labels of an alert and of its end are the same, so that they pair.
  private static let alertmanagerText = #"""
    [{"labels": {"alertname": "fleetd-{{alert}}", "fleet": "{{fleet}}"{{#node}}, "node": "{{node}}"{{/node}}}, "annotations": {"summary": "{{title}}", "description": "{{message}}"{{#next}}, "next": "{{next}}"{{/next}}{{#runbook}}, "runbook": "{{runbook}}"{{/runbook}}, "severity": "{{severity}}"}, "startsAt": "{{since}}", "endsAt": "{{endsAt}}"}]
    """#

  private static let jsonText = #"""
    {"title": "{{title}}", "fleet": "{{fleet}}", "event": "{{event}}", "alert": "{{alert}}", "severity": "{{severity}}", "node": {{#node}}"{{node}}"{{/node}}{{^node}}null{{/node}}, "reason": {{#reason}}"{{reason}}"{{/reason}}{{^reason}}null{{/reason}}, "message": "{{message}}{{#digest}}\n{{.}}{{/digest}}", "next": {{#next}}"{{next}}"{{/next}}{{^next}}null{{/next}}, "since": "{{since}}", "at": "{{at}}", "resolved": {{#resolved}}true{{/resolved}}{{^resolved}}false{{/resolved}}, "more": {{#more}}{{more}}{{/more}}{{^more}}0{{/more}}, "dropped": {{#dropped}}{{dropped}}{{/dropped}}{{^dropped}}0{{/dropped}}}
    """#
}
