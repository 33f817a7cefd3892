// Where the site lies on its host, e.g. '/handbook/'.
const baseUrl = '/';

export default {
  title: 'A handbook',
  url: 'https://your-host.example',
  baseUrl,
  onBrokenLinks: 'throw',
  // The files of the element lie in static/embed.
  scripts: [{ src: `${baseUrl}embed/usd-view.js`, type: 'module' }],
  presets: [
    [
      'classic',
      {
        docs: { routeBasePath: '/' },
        blog: false,
        theme: { customCss: './src/css/usd-view.css' },
      },
    ],
  ],
};
