exports.track = (call, event) => call('POST', 'https://telemetry.fetcher.example/v1/events', JSON.stringify({ event }));
