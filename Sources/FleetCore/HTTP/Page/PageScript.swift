/// What keeps the page up to date: it puts in what the server has rendered, and remembers what the reader has folded.
enum PageScript {
  static let text = """
    "use strict";
    (() => {
      const live = document.getElementById("live");
      const connection = document.getElementById("connection");
      const folded = new Map();

      const show = (html) => {
        const focused = document.activeElement && document.activeElement.id;
        live.innerHTML = html;
        for (const details of live.querySelectorAll("details[id]")) {
          if (folded.has(details.id)) details.open = folded.get(details.id);
        }
        const headline = live.querySelector(".headline");
        const name = live.querySelector("h1");
        if (headline && name) document.title = name.textContent + ": " + headline.textContent;
        const again = focused && document.getElementById(focused);
        if (again) again.focus({ preventScroll: true });
      };

      const say = (text, isLost) => {
        connection.textContent = text;
        connection.classList.toggle("lost", isLost);
      };

      live.addEventListener("click", (event) => {
        const details = event.target.closest("summary") && event.target.closest("details[id]");
        if (details) folded.set(details.id, !details.open);
      });

      const follow = () => {
        const events = new EventSource("/events");
        events.addEventListener("page", (event) => {
          show(event.data);
          say("Live, " + new Date().toLocaleTimeString() + ".", false);
        });
        events.onerror = () => {
          say("The connection is lost; this is what was known last.", true);
          // A refusal (too many follow) ends an EventSource for good.
          if (events.readyState === EventSource.CLOSED) setTimeout(follow, 15000);
        };
      };
      follow();
    })();

    """
}
