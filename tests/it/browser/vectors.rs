//! Markup of our own writing that would run if any place of the page took text for HTML, an
//! attribute, an address, a template or a script.

/// What each vector tries to do; the page's `ran` would tell.
const RUN: &str = "window.ran=1";

/// Carriers: `§` stands for the script.
const CARRIERS: [&str; 34] = [
    "<script>§</script>",
    "</script><script>§</script>",
    "<SCRIPT SRC=data:text/javascript,§></SCRIPT>",
    "<img src=x onerror=§>",
    "<img src=x onerror=\"§\" alt='",
    "\"><img src=x onerror=§>",
    "'><svg onload=§>",
    "<svg/onload=§//",
    "<svg><script>§</script></svg>",
    "<svg><a xlink:href=\"javascript:§\"><text y=20>x</text></a></svg>",
    "<math><mtext><script>§</script></mtext></math>",
    "<body onload=§>",
    "<iframe srcdoc=\"<script>parent.§</script>\"></iframe>",
    "<iframe src=\"javascript:parent.§\"></iframe>",
    "<object data=\"javascript:§\"></object>",
    "<embed src=\"javascript:§\">",
    "<a href=\"javascript:§\" autofocus onfocus=§>x</a>",
    "<input autofocus onfocus=§>",
    "<details open ontoggle=§>x</details>",
    "<video><source onerror=§></video>",
    "<audio src=x onerror=§>",
    "<marquee onstart=§>x</marquee>",
    "<style onload=§></style>",
    "<link rel=stylesheet href=x onerror=§>",
    "<meta http-equiv=refresh content=\"0;url=javascript:§\">",
    "<base href=\"javascript:§//\">",
    "<form action=\"javascript:§\"><button autofocus>x</button></form>",
    "<template><script>§</script></template>",
    "<textarea></textarea><script>§</script>",
    "<title></title><script>§</script>",
    "<!--><script>§</script-->",
    "<![CDATA[<script>§</script>]]>",
    "{{{@root.w}}}{{#if 1}}<script>§</script>{{/if}}",
    "${§}{{constructor.constructor('§')()}}",
];

/// Ways to write the script.
const WAYS: [&str; 3] = ["@", "eval('@')", "&#119;indow.ran&#61;1"];

/// Vectors that have no other form.
const SINGLE: [&str; 8] = [
    "\" onmouseover=\"window.ran=1\" autofocus onfocus=\"window.ran=1\" x=\"",
    "' onfocus='window.ran=1' autofocus '",
    "javascript:window.ran=1",
    "data:text/html,<script>parent.ran=1</script>",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e",
    "</textarea></span></article><script>window.ran=1</script>",
    "<scr<script>ipt>window.ran=1</scr</script>ipt>",
];

/// All vectors.
pub fn vectors() -> Vec<String> {
    let mut out: Vec<String> = SINGLE.map(str::to_owned).into();
    for carrier in CARRIERS {
        for way in WAYS {
            let script = way.replace('@', RUN);
            out.push(carrier.replace('§', &script));
        }
    }
    out
}
