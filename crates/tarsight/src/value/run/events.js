(function () {
  function EventEmitter() {
    listenersOf(this);
  }

  function listenersOf(emitter) {
    if (!Object.prototype.hasOwnProperty.call(emitter, "_listeners")) {
      Object.defineProperty(emitter, "_listeners", { value: Object.create(null) });
    }
    return emitter._listeners;
  }

  function of(emitter, name) {
    var all = listenersOf(emitter);
    return all[name] || (all[name] = []);
  }

  var methods = EventEmitter.prototype;
  methods.on = function (name, listener) {
    of(this, name).push(listener);
    return this;
  };
  methods.addListener = methods.once = methods.on;
  methods.prependListener = methods.prependOnceListener = methods.on;
  methods.emit = function (name) {
    var listeners = of(this, name).slice();
    var args = Array.prototype.slice.call(arguments, 1);
    for (var at = 0; at < listeners.length; at++) {
      // One that fails here may not fail where more is known.
      try {
        listeners[at].apply(this, args);
      } catch (error) {}
    }
    return listeners.length > 0;
  };
  methods.off = methods.removeListener = methods.removeAllListeners = function () {
    return this;
  };
  methods.setMaxListeners = methods.off;
  methods.listeners = methods.rawListeners = function (name) {
    return of(this, name).slice();
  };
  methods.listenerCount = function (name) {
    return of(this, name).length;
  };
  methods.eventNames = function () {
    return Object.keys(listenersOf(this));
  };

  EventEmitter.EventEmitter = EventEmitter.default = EventEmitter;
  EventEmitter.defaultMaxListeners = 10;
  EventEmitter.once = function (emitter, name) {
    return new Promise(function (resolve) {
      emitter.on(name, function () {
        resolve(Array.prototype.slice.call(arguments));
      });
    });
  };
  return EventEmitter;
})()
