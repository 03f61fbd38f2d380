extension ApplyCases {
  static let custom: [ApplyTable] = [definition, shelf, looseShelf, helmChart]

  /// The kinds of the custom objects below.
  static let definitions = """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: shelves.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {kind: Shelf, plural: shelves, singular: shelf}
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            properties:
              spec:
                type: object
                properties:
                  size: {type: integer, default: 3}
                  ratio: {type: integer}
                  memory: {type: string}
                  books:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [title]
                    items:
                      type: object
                      required: [title]
                      properties: {title: {type: string}, pages: {type: integer, default: 100}, tags: {type: array, items: {type: string}}}
                  colours: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                  plain: {type: array, items: {type: object, properties: {a: {type: integer}, b: {type: integer, default: 7}}}}
                  place: {type: object, x-kubernetes-map-type: atomic, properties: {room: {type: string}, row: {type: string}}}
                  owner: {type: object, properties: {name: {type: string}, mail: {type: string}}}
                  labels: {type: object, additionalProperties: {type: string}}
    ---
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: looseshelves.example.com}
    spec:
      group: example.com
      scope: Namespaced
      names: {kind: LooseShelf, plural: looseshelves, singular: looseshelf}
      versions:
      - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}

    """

  static let definition = ApplyTable(
    """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: things.NAME.example.com}
    spec:
      group: NAME.example.com
      scope: Namespaced
      names: {kind: Thing, plural: things, singular: thing}
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema:
            type: object
            properties:
              spec: {type: object, properties: {a: {type: string}, n: {type: integer, default: 1}}, required: [a]}

    """
  )
  .change("property added", ("{a: {type: string}, ", "{a: {type: string}, b: {type: boolean}, "))
  .change("property away", (", n: {type: integer, default: 1}", ""))
  .change("default", ("default: 1", "default: 2"))
  .change(
    "version added",
    (
      "  versions:\n",
      "  versions:\n  - {name: v0, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}\n"
    )
  )
  .change("short names", ("singular: thing", "singular: thing, shortNames: [th], categories: [all]"))
  .change(
    "column",
    (
      "    storage: true\n",
      "    storage: true\n    subresources: {status: {}}\n    additionalPrinterColumns: [{name: A, type: string, jsonPath: .spec.a}]\n"
    ))

  static let shelf = ApplyTable(
    """
    apiVersion: example.com/v1
    kind: Shelf
    metadata: {name: NAME, namespace: web}
    spec:
      memory: 1024Mi
      ratio: 10
      books: [{title: a, tags: [s, t]}, {title: b, pages: 5}]
      colours: [red, green]
      plain: [{a: 1}, {a: 2, b: 3}]
      place: {room: r, row: w}
      owner: {name: nick, mail: m}
      labels: {a: "1", b: "2"}

    """
  )
  .change("no quantity", ("1024Mi", "1Gi"))
  .change("number", ("ratio: 10", "ratio: 11"))
  .change("default said", ("  ratio", "  size: 3\n  ratio"))
  .change("default changed", ("  ratio", "  size: 4\n  ratio"))
  .change("book added", ("books: [", "books: [{title: c, pages: 7}, "))
  .change("book away", ("{title: a, tags: [s, t]}, ", ""))
  .change("book's pages", ("pages: 5", "pages: 6"))
  .change("book's tags", ("[s, t]", "[t]"))
  .change(
    "books in another order",
    ("[{title: a, tags: [s, t]}, {title: b, pages: 5}]", "[{title: b, pages: 5}, {title: a, tags: [s, t]}]")
  )
  .change("colour added and away", ("[red, green]", "[blue, green]"))
  .change("plain added", ("{a: 2, b: 3}]", "{a: 2, b: 3}, {a: 4, b: 7}]"))
  .change("plain changed", ("{a: 2, b: 3}", "{a: 3, b: 3}"))
  .change("place's row away", (", row: w", ""))
  .change("owner's mail away", (", mail: m", ""))
  .change("label away", (", b: \"2\"", ""))
  .change(
    "book of others",
    drift: [
      .apply(
        "apiVersion: example.com/v1\nkind: Shelf\nmetadata: {name: NAME, namespace: web}\nspec: {books: [{title: z, pages: 1}], colours: [black]}\n"
      )
    ]
  )
  .change(
    "book of others, and one away", ("{title: a, tags: [s, t]}, ", ""),
    drift: [
      .apply(
        "apiVersion: example.com/v1\nkind: Shelf\nmetadata: {name: NAME, namespace: web}\nspec: {books: [{title: z, pages: 1}, {title: a}]}\n"
      )
    ]
  )
  .change(
    "pages of others", drift: [.patch(#"{"spec":{"books":[{"title":"a","tags":["s","t"]},{"title":"b","pages":9}]}}"#)]
  )
  .change("memory of others", drift: [.patch(#"{"spec":{"memory":"2Gi","owner":{"name":"k"}}}"#)])
  .change("row of others", drift: [.patch(#"{"spec":{"place":{"row":"q"}}}"#)])

  static let looseShelf = ApplyTable(
    """
    apiVersion: example.com/v1
    kind: LooseShelf
    metadata: {name: NAME, namespace: web}
    spec:
      size: 3
      books: [{title: a, name: x}, {title: b, name: y}]
      owner: {name: nick, mail: {home: h, work: w}}

    """
  )
  .change("number", ("size: 3", "size: 3.5"))
  .change("same number", ("size: 3", "size: 3.0"))
  .change("book changed", ("title: a,", "title: c,"))
  .change("book's title away", ("title: a, ", ""), isBeyond: true)
  .change(
    "books in another order",
    ("[{title: a, name: x}, {title: b, name: y}]", "[{title: b, name: y}, {title: a, name: x}]")
  )
  .change("mail away", (", work: w", ""))
  .change("all mail away", (", mail: {home: h, work: w}", ""))
  .change("owner of others", drift: [.patch(#"{"spec":{"owner":{"x":"y"}}}"#)])
  .change(
    "owner of others, less", ("  owner: {name: nick, mail: {home: h, work: w}}\n", ""),
    drift: [.patch(#"{"spec":{"owner":{"x":"y"}}}"#)])

  static let helmChart = ApplyTable(
    """
    apiVersion: helm.cattle.io/v1
    kind: HelmChart
    metadata: {name: NAME, namespace: kube-system}
    spec:
      chart: traefik
      repo: https://charts.example.com
      set: {a: "1", b: "2"}
      valuesContent: |
        x: 1
        y: 2

    """
  )
  .change("values", ("    x: 1\n", "    x: 2\n"))
  .change("version", ("  chart: traefik\n", "  chart: traefik\n  version: 1.2.3\n  targetNamespace: web\n"))
  .change("set", ("a: \"1\", ", ""))
  .change("repository away", ("  repo: https://charts.example.com\n", ""))
}
