// Pages work without it; it makes them quicker to use.
import "./composer.js";
import "./hotkeys.js";
import "./live.js";
import "./toasts.js";
import "./widgets.js";
