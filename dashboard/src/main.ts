import '@xterm/xterm/css/xterm.css';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './ui/styles/overview.css';
import './ui/styles/terminal.css';
import { App } from './ui/app';

const root = document.getElementById('app');
if (!root) throw new Error('the page has no #app');
void new App(root).start();
