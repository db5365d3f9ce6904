/** What to use instead of a share link. */
export type DirectAccess =
  | { do: "storage" } // storage where a plain GET returns the bytes
  | { do: "use"; url: string } // this URL of the same file; it has no query
  | { do: "query"; query: string } // the same URL with this query
  | { do: "download" }; // a page about a video or picture: get the file itself

export interface ShareLink {
  service: string;
  instead: DirectAccess;
}

type Rewrite = (url: URL) => string;

interface ShareRow {
  service: string;
  hosts: RegExp;
  /** Path and query. Default: every path of the host. */
  path?: RegExp;
  /** Path and query that return the bytes nevertheless. */
  not?: RegExp;
  /** The URL of the same file that returns the bytes. */
  rewrite?: Rewrite;
  /** The query that returns the bytes. */
  query?: string;
  /** The service shows pages about media, not a user's own files. */
  page?: true;
}

const replacing =
  (from: RegExp, to: string): Rewrite =>
  (url) =>
    url.origin + url.pathname.replace(from, to);

/**
 * Services whose links open a page, not the bytes. Each row was written from examples of the service's links
 * (their help pages and links in circulation, 2026-11); hosts that serve bytes (i.imgur.com, i.redd.it,
 * lh3.googleusercontent.com, …) are left to the GET.
 */
const rows: readonly ShareRow[] = [
  { service: "Google Drive", hosts: /^(?:drive|docs)\.google\.com$/ },
  { service: "Google Photos", hosts: /^(?:photos\.google\.com|photos\.app\.goo\.gl)$/ },
  {
    service: "Dropbox",
    hosts: /^(?:www\.|m\.)?dropbox\.com$/,
    path: /^\/(?:s|scl|sh|t|l)\//,
    not: /[?&](?:raw|dl)=1(?:&|$)/,
    query: "raw=1",
  },
  { service: "Dropbox", hosts: /^db\.tt$/ },
  {
    service: "OneDrive",
    hosts: /^(?:onedrive\.live\.com|1drv\.ms)$/,
    not: /[?&]download=1(?:&|$)|^\/download/,
  },
  {
    service: "SharePoint",
    hosts: /\.sharepoint\.com$/,
    path: /^\/:\w:\/|\/_layouts\//,
    not: /[?&]download=1(?:&|$)/,
  },
  { service: "iCloud", hosts: /^(?:share\.icloud\.com|(?:www\.)?icloud\.com)$/ },
  { service: "WeTransfer", hosts: /^(?:www\.)?(?:wetransfer\.com|we\.tl)$|\.wetransfer\.com$/ },
  { service: "Box", hosts: /^(?:\w+\.)?(?:app\.)?box\.com$/, path: /^\/(?:s|v|file)\// },
  { service: "MEGA", hosts: /^mega\.(?:nz|io|co\.nz)$/ },
  { service: "MediaFire", hosts: /^(?:www\.)?mediafire\.com$/ },
  { service: "Baidu Pan", hosts: /^pan\.baidu\.com$/ },
  { service: "Proton Drive", hosts: /^drive\.proton\.me$/ },
  { service: "Yandex Disk", hosts: /^(?:disk\.yandex\.\w+|yadi\.sk)$/ },
  {
    service: "GitHub",
    hosts: /^github\.com$/,
    path: /^\/[^/]+\/[^/]+\/blob\//,
    not: /[?&]raw=(?:1|true)(?:&|$)/,
    rewrite: replacing(/^(\/[^/]+\/[^/]+)\/blob\//, "$1/raw/"),
  },
  {
    service: "GitLab",
    hosts: /^gitlab\./,
    path: /\/-\/blob\//,
    rewrite: replacing(/\/-\/blob\//, "/-/raw/"),
  },
  {
    service: "Bitbucket",
    hosts: /^bitbucket\.org$/,
    path: /^\/[^/]+\/[^/]+\/src\//,
    rewrite: replacing(/^(\/[^/]+\/[^/]+)\/src\//, "$1/raw/"),
  },
  {
    service: "Hugging Face",
    hosts: /^huggingface\.co$/,
    path: /\/blob\//,
    rewrite: replacing(/\/blob\//, "/resolve/"),
  },
  { service: "YouTube", hosts: /^(?:(?:www|m|music)\.)?youtube\.com$|^youtu\.be$/, page: true },
  { service: "Vimeo", hosts: /^(?:www\.)?vimeo\.com$/, page: true },
  { service: "Instagram", hosts: /^(?:www\.)?instagram\.com$|^instagr\.am$/, page: true },
  { service: "Facebook", hosts: /^(?:(?:www|m|web)\.)?facebook\.com$|^fb\.watch$/, page: true },
  { service: "TikTok", hosts: /^(?:(?:www|vm|vt|m)\.)?tiktok\.com$/, page: true },
  { service: "X", hosts: /^(?:(?:www|mobile)\.)?(?:x|twitter)\.com$|^t\.co$/, page: true },
  { service: "Flickr", hosts: /^(?:www\.)?flickr\.com$|^flic\.kr$/, page: true },
  { service: "Imgur", hosts: /^(?:(?:www|m)\.)?imgur\.com$/, not: /\.\w{3,4}$/, page: true },
  { service: "Reddit", hosts: /^(?:(?:www|old|new)\.)?reddit\.com$|^redd\.it$/, page: true },
  { service: "Pinterest", hosts: /^(?:\w+\.)?pinterest\.(?:com|co\.uk|\w{2})$|^pin\.it$/, page: true },
  { service: "Giphy", hosts: /^(?:www\.)?giphy\.com$/, page: true },
  { service: "Bilibili", hosts: /^(?:www\.)?bilibili\.com$|^b23\.tv$/, page: true },
  { service: "Telegram", hosts: /^t\.me$/, page: true },
  { service: "Loom", hosts: /^(?:www\.)?loom\.com$/, page: true },
  { service: "Streamable", hosts: /^(?:www\.)?streamable\.com$/, page: true },
  {
    service: "Unsplash",
    hosts: /^unsplash\.com$/,
    path: /^\/(?:[a-z-]+\/)?photos\//,
    not: /\/download(?:\?|$)/,
    page: true,
  },
  {
    service: "Pexels",
    hosts: /^(?:www\.)?pexels\.com$/,
    path: /^\/(?:[a-z-]+\/)?(?:photo|video)\//,
    page: true,
  },
  {
    service: "Notion",
    hosts: /^(?:www\.)?notion\.(?:so|com|site)$|\.notion\.site$/,
    not: /^\/(?:image|signed)\//,
  },
  { service: "Figma", hosts: /^(?:www\.)?figma\.com$/ },
  { service: "Canva", hosts: /^(?:www\.)?canva\.com$/ },
  { service: "Frame.io", hosts: /^(?:(?:app|next)\.)?frame\.io$|^f\.io$/ },
  { service: "Slack", hosts: /\.slack\.com$/, path: /^\/(?:files|archives)/ },
  { service: "Discord", hosts: /^(?:\w+\.)?discord\.com$/, path: /^\/channels\// },
];

/** The service whose share link or page this is, and what to use instead; null if it is not a known one. */
export function shareLinkOf(url: URL): ShareLink | null {
  const rest = url.pathname + url.search;
  const host = url.hostname.replace(/\.$/, "");
  const row = rows.find(
    ({ hosts, path, not }) => hosts.test(host) && (!path || path.test(rest)) && !not?.test(rest),
  );
  if (!row) return null;
  return { service: row.service, instead: insteadOf(row, url) };
}

function insteadOf({ rewrite, query, page }: ShareRow, url: URL): DirectAccess {
  if (rewrite) return { do: "use", url: rewrite(url) };
  if (query) return { do: "query", query };
  return { do: page ? "download" : "storage" };
}

const signInHosts =
  /^(?:accounts\.google\.com|login\.(?:microsoftonline|live|yahoo|salesforce)\.com|appleid\.apple\.com|idmsa\.apple\.com|.*\.(?:okta|auth0|onelogin)\.com)$/;
const signInPaths =
  /(?:^|[/_.-])(?:log[-_]?in|sign[-_]?in|sso|oauth2?|authorize|authenticate|servicelogin|account\/login)(?:[/_.?-]|$)/i;

/** Whether a URL that a redirect led to is a sign-in. */
export function isSignIn(url: URL): boolean {
  return signInHosts.test(url.hostname) || signInPaths.test(url.pathname);
}
