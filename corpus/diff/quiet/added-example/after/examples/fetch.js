fetch('https://weather.example/today').then((r) => r.text()).then(require('..').red);
