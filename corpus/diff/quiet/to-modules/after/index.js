import names from 'colour-names';
import styles from './lib/styles.js';

export function paint(name, text) {
  const style = styles[name];
  return '\u001b[' + style.open + 'm' + text + '\u001b[' + style.close + 'm';
}

export { names };
