/// The description of what is served, as docs/openapi.json has it too: a test holds the two, and the answers, together.
enum OpenAPIDocument {
  static let text = #"""
    {
      "openapi": "3.1.0",
      "info": {
        "title": "fleetd",
        "version": "1",
        "summary": "What the daemon knows. Nothing can be changed over HTTP."
      },
      "servers": [{"url": "/"}],
      "security": [{"bearer": []}, {"basic": []}, {}],
      "paths": {
        "/api/v1/status": {
          "get": {
            "summary": "Everything at once.",
            "operationId": "status",
            "responses": {"200": {"description": "The answer.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Status"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/api/v1/nodes": {
          "get": {
            "summary": "All nodes.",
            "operationId": "nodes",
            "responses": {"200": {"description": "The answer.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Nodes"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/api/v1/nodes/{name}": {
          "get": {
            "summary": "One node.",
            "operationId": "node",
            "responses": {"200": {"description": "The answer.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}, "404": {"description": "The fleet has no such node.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}},
            "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"type": "string"}}]
          }
        },
        "/api/v1/rebuilds": {
          "get": {
            "summary": "The newest rebuilds, against their targets.",
            "operationId": "rebuilds",
            "responses": {"200": {"description": "The answer.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Rebuilds"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/api/v1/availability": {
          "get": {
            "summary": "How long the API and the nodes served, over 30 days.",
            "operationId": "availability",
            "responses": {"200": {"description": "The answer.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Availabilities"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/api/v1/history": {
          "get": {
            "summary": "The newest runs that did something.",
            "operationId": "history",
            "responses": {"200": {"description": "The answer.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/History"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/api/v1/openapi.json": {
          "get": {
            "summary": "This description.",
            "operationId": "openapi",
            "responses": {"200": {"description": "An OpenAPI document.", "content": {"application/json": {"schema": {"type": "object"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/metrics": {
          "get": {
            "summary": "For Prometheus.",
            "operationId": "metrics",
            "responses": {"200": {"description": "Prometheus' text format.", "content": {"text/plain": {"schema": {"type": "string"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/healthz": {
          "get": {
            "summary": "Whether the daemon answers.",
            "operationId": "health",
            "responses": {"200": {"description": "It does.", "content": {"text/plain": {"schema": {"type": "string"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/readyz": {
          "get": {
            "summary": "Whether a commit is in force and a pass has seen the fleet.",
            "operationId": "readiness",
            "responses": {"200": {"description": "Ready.", "content": {"text/plain": {"schema": {"type": "string"}}}}, "503": {"description": "Not yet, and why.", "content": {"text/plain": {"schema": {"type": "string"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/events": {
          "get": {
            "summary": "Server-sent events: the page's newest state, as HTML.",
            "operationId": "events",
            "responses": {"200": {"description": "Events named page.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}, "503": {"description": "Too many follow.", "content": {"text/plain": {"schema": {"type": "string"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        },
        "/": {
          "get": {
            "summary": "The page.",
            "operationId": "page",
            "responses": {"200": {"description": "HTML.", "content": {"text/html": {"schema": {"type": "string"}}}}, "401": {"description": "A token is needed, and none or another was brought."}, "421": {"description": "fleetd is not served under this name."}}
          }
        }
      },
      "components": {
        "securitySchemes": {
          "bearer": {
            "type": "http",
            "scheme": "bearer"
          },
          "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "The token as the password; the name does not matter."
          }
        },
        "schemas": {
          "Facts": {
            "type": "object",
            "additionalProperties": false,
            "required": ["operatingSystem", "kernel", "model", "k3s", "temperatureMilliCelsius", "throttled"],
            "properties": {
              "operatingSystem": {"type": "string"},
              "kernel": {"type": "string"},
              "model": {"type": ["string", "null"]},
              "k3s": {"type": ["string", "null"], "description": "The release of k3s on its disk."},
              "temperatureMilliCelsius": {"type": ["integer", "null"], "description": "Of the processor."},
              "throttled": {"type": ["string", "null"], "description": "The bits of vcgencmd get_throttled, such as 0x50000."}
            }
          },
          "Node": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "address", "role", "state", "changes", "reason", "message", "next", "since", "lookedAt", "dueAt", "mode", "paused", "failures", "failedAttempts", "leftAloneUntil", "drift", "facts"],
            "properties": {
              "name": {"type": "string"},
              "address": {"type": "string"},
              "role": {"type": ["string", "null"], "description": "server or agent; null: it has no part in a cluster."},
              "state": {"type": "string", "enum": ["unknown", "in-sync", "drift", "held", "attention", "away"]},
              "changes": {"type": "integer", "description": "How many changes would bring it to what is declared."},
              "reason": {"type": ["string", "null"], "description": "A stable word; its page is runbooks/REASON.md."},
              "message": {"type": ["string", "null"]},
              "next": {"type": ["string", "null"], "description": "What to do."},
              "since": {"type": "string", "format": "date-time", "description": "Since when it is in this state."},
              "lookedAt": {"type": ["string", "null"], "format": "date-time"},
              "dueAt": {"type": ["string", "null"], "format": "date-time"},
              "mode": {"type": "string", "enum": ["observe", "enforce"]},
              "paused": {"type": ["string", "null"]},
              "failures": {"type": "integer", "description": "How often in a row it could not be observed."},
              "failedAttempts": {"type": "integer", "description": "How often in a row changing it failed."},
              "leftAloneUntil": {"type": ["string", "null"], "format": "date-time"},
              "drift": {"type": "string", "description": "The changes and findings as a plan shows them, cut to a bound."},
              "facts": {"oneOf": [{"$ref": "#/components/schemas/Facts"}, {"type": "null"}]}
            }
          },
          "Rebuild": {
            "type": "object",
            "additionalProperties": false,
            "required": ["id", "node", "origin", "outcome", "state", "begun", "elapsedSeconds", "targetSeconds", "estimatedSecondsLeft", "phase", "phases"],
            "properties": {
              "id": {"type": "string"},
              "node": {"type": "string"},
              "origin": {"type": "string", "enum": ["ordered", "blank"]},
              "outcome": {"type": "string", "enum": ["running", "converged", "abandoned"]},
              "state": {"type": "string", "enum": ["on track", "at risk", "breached", "met", "abandoned"]},
              "begun": {"type": "string", "format": "date-time"},
              "elapsedSeconds": {"type": "integer"},
              "targetSeconds": {"type": "integer"},
              "estimatedSecondsLeft": {"type": ["integer", "null"]},
              "phase": {"type": ["string", "null"], "description": "Of one that runs: what it goes on until."},
              "phases": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["phase", "seconds"], "properties": {"phase": {"type": "string"}, "seconds": {"type": "integer"}}}}
            }
          },
          "Availability": {
            "type": "object",
            "additionalProperties": false,
            "required": ["subject", "upSeconds", "downSeconds", "ratio"],
            "properties": {
              "subject": {"type": "string", "description": "api, or node/NAME."},
              "upSeconds": {"type": "integer"},
              "downSeconds": {"type": "integer"},
              "ratio": {"type": ["number", "null"], "description": "null: nobody looked."}
            }
          },
          "Run": {
            "type": "object",
            "additionalProperties": false,
            "required": ["id", "kind", "commit", "startedAt", "endedAt", "exitCode", "summary"],
            "properties": {
              "id": {"type": "string"},
              "kind": {"type": "string"},
              "commit": {"type": ["string", "null"]},
              "startedAt": {"type": "string", "format": "date-time"},
              "endedAt": {"type": ["string", "null"], "format": "date-time"},
              "exitCode": {"type": ["integer", "null"]},
              "summary": {"type": "string"}
            }
          },
          "Passes": {
            "type": "object",
            "additionalProperties": false,
            "required": ["count", "failures", "lastEnd", "lastSeconds"],
            "properties": {
              "count": {"type": "integer"},
              "failures": {"type": "integer"},
              "lastEnd": {"type": ["string", "null"], "format": "date-time"},
              "lastSeconds": {"type": ["integer", "null"]}
            }
          },
          "Rejected": {
            "type": "object",
            "additionalProperties": false,
            "required": ["commit", "problems"],
            "properties": {
              "commit": {"type": "string"},
              "problems": {"type": "array", "items": {"type": "string"}}
            }
          },
          "Objects": {
            "type": "object",
            "additionalProperties": false,
            "required": ["changes", "drift"],
            "properties": {
              "changes": {"type": ["integer", "null"]},
              "drift": {"type": "string"}
            }
          },
          "Nodes": {
            "type": "object",
            "additionalProperties": false,
            "required": ["nodes"],
            "properties": {
              "nodes": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}
            }
          },
          "Rebuilds": {
            "type": "object",
            "additionalProperties": false,
            "required": ["rebuilds"],
            "properties": {
              "rebuilds": {"type": "array", "items": {"$ref": "#/components/schemas/Rebuild"}}
            }
          },
          "Availabilities": {
            "type": "object",
            "additionalProperties": false,
            "required": ["availability"],
            "properties": {
              "availability": {"type": "array", "items": {"$ref": "#/components/schemas/Availability"}}
            }
          },
          "History": {
            "type": "object",
            "additionalProperties": false,
            "required": ["history"],
            "properties": {
              "history": {"type": "array", "items": {"$ref": "#/components/schemas/Run"}}
            }
          },
          "Error": {
            "type": "object",
            "additionalProperties": false,
            "required": ["error"],
            "properties": {
              "error": {"type": "string"}
            }
          },
          "Status": {
            "type": "object",
            "additionalProperties": false,
            "required": ["time", "version", "startedAt", "fleet", "commit", "mode", "rejected", "sourceProblem", "problem", "activity", "passes", "objects", "nodes", "rebuilds", "availability", "history", "storeProblem"],
            "properties": {
              "time": {"type": "string", "format": "date-time"},
              "version": {"type": "string"},
              "startedAt": {"type": "string", "format": "date-time"},
              "fleet": {"type": ["string", "null"]},
              "commit": {"type": ["string", "null"]},
              "mode": {"type": "string", "enum": ["observe", "enforce"]},
              "rejected": {"oneOf": [{"$ref": "#/components/schemas/Rejected"}, {"type": "null"}]},
              "sourceProblem": {"type": ["string", "null"]},
              "problem": {"type": ["string", "null"]},
              "activity": {"type": ["string", "null"]},
              "passes": {"$ref": "#/components/schemas/Passes"},
              "objects": {"oneOf": [{"$ref": "#/components/schemas/Objects"}, {"type": "null"}]},
              "nodes": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
              "rebuilds": {"type": "array", "items": {"$ref": "#/components/schemas/Rebuild"}},
              "availability": {"type": "array", "items": {"$ref": "#/components/schemas/Availability"}},
              "history": {"type": "array", "items": {"$ref": "#/components/schemas/Run"}},
              "storeProblem": {"type": ["string", "null"]}
            }
          }
        }
      }
    }

    """#
}
