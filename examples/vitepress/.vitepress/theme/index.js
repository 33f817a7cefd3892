import DefaultTheme from 'vitepress/theme';
import './usd-view.css';

export default DefaultTheme;
