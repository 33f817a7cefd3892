/** VitePress's theme with fonts of the system, and room for live models. */
import DefaultTheme from 'vitepress/theme-without-fonts';
import './site.css';

export default DefaultTheme;
