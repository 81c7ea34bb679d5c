'use strict';
var fs = require('fs');
var os = require('os');
var path = require('path');
var env = process.env;

var ADBLOCK = is(env.ADBLOCK);
var COLOR = is(env.npm_config_color);
var SILENT = ['silent', 'error', 'warn'].indexOf(env.npm_config_loglevel) !== -1;
var CI = ['BUILD_NUMBER', 'CI', 'CONTINUOUS_INTEGRATION', 'DRONE'].some(function (name) {
  return is(env[name]);
});

var BANNER = '\u001B[96mThank you for using benign-banner.\u001B[0m Support it at \u001B[94mhttps://fund.example/banner\u001B[0m';

function is(it) {
  return !!it && it !== '0' && it !== 'false';
}

function isBannerRequired() {
  if (ADBLOCK || CI || SILENT) return false;
  var file = path.join(os.tmpdir(), 'benign-banner-shown');
  var shown = [];
  try {
    if (Date.now() - fs.statSync(file).mtime < 60000) {
      shown = JSON.parse(fs.readFileSync(file));
      if (shown.indexOf(BANNER) !== -1) return false;
    }
  } catch (error) {
    shown = [];
  }
  try {
    shown.push(BANNER);
    fs.writeFileSync(file, JSON.stringify(shown), 'utf8');
  } catch (error) { /* empty */ }
  return true;
}

// eslint-disable-next-line no-control-regex -- colours
if (isBannerRequired()) console.log(COLOR ? BANNER : BANNER.replace(/\u001B\[\d+m/g, ''));
