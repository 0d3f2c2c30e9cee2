"""Each language family: names that stay, and whose code it is."""

from pathlib import Path

import pytest

from tests.unit.pipeline.grouping.events import event, exception, in_app_of
from vedette.pipeline.grouping.families import catalogue
from vedette.pipeline.grouping.families.catalogue import FAMILIES, family_of
from vedette.pipeline.grouping.frame import read_frame


def names(platform: str, **fields: str) -> tuple[str, str, str]:
    stable = family_of(platform).stable_names(read_frame(dict(fields), platform))
    return stable.module, stable.filename, stable.function


def function(platform: str, sent: str) -> str:
    return names(platform, function=sent, filename="x")[2]


@pytest.mark.parametrize(
    ("platform", "sent", "stable"),
    [
        ("python", "checkout.<locals>.inner", "inner"),
        ("javascript", "Object.displayName", "displayName"),
        ("javascript", "GiftCart.total", "total"),
        ("javascript", "get label [as label]", "label"),
        ("javascript", "_Cart.total", "total"),
        ("javascript", "async load", "load"),
        ("javascript", "async*load", "load"),
        ("javascript", "new Cart", "Cart"),
        ("javascript", "total/<", "total"),
        ("javascript", "Cart/this.total", "total"),
        ("javascript", "total$1", "total"),
        ("javascript", "<anonymous>", ""),
        ("javascript", "Object.<anonymous>", ""),
        ("javascript", "?", ""),
        ("go", "Handlers.func1", "Handlers.func"),
        ("go", "Handlers.func1.2", "Handlers.func"),
        ("go", "namesPage.Names.func1", "Names.func"),
        ("go", "Run.gowrap1", "Run.func"),
        ("go", "Each-range1", "Each.func"),
        ("go", "Map[...]", "Map"),
        ("go", "(*Order).CustomerName", "(*Order).CustomerName"),
        ("java", "lambda$letters$0", "lambda$letters"),
        ("java", "access$000", "access"),
        ("rust", "shop::at::h0123456789abcdef", "shop::at"),
        ("rust", "shop::at::{{closure}}", "shop::at::{closure}"),
        ("rust", "shop::at::{closure#3}", "shop::at::{closure}"),
        ("rust", "shop::scoped::<shop::main::{closure#0}>", "shop::scoped"),
        ("rust", "<shop::Order as core::fmt::Display>::fmt", "shop::Order::fmt"),
        ("rust", "<shop::List<T> as shop::Priced<T>>::price", "shop::List::price"),
        ("native", "shop::Orders::at(unsigned long) const", "shop::Orders::at"),
        ("native", "void shop::sort<int>(std::vector<int>&)", "shop::sort"),
        ("native", "std::__1::sort(int*)", "std::sort"),
        ("native", "std::__cxx11::list<int>::size()", "std::list::size"),
        ("native", "shop::Cart::operator<(shop::Cart const&)", "shop::Cart::{operator}"),
        ("native", "(anonymous namespace)::run()", "{anonymous}::run"),
        ("native", "run() [clone .cold]", "run"),
        ("native", "run.constprop.0", "run"),
        ("native", "memcpy@GLIBC_2.14", "memcpy"),
        ("native", "run()::{lambda(int)#2}::operator()(int) const", "run::{lambda}::{operator}"),
        ("native", "-[Cart load:count:]", "-[Cart load:count:]"),
        ("native", "__27-[Cart load]_block_invoke_2", "-[Cart load]_block_invoke"),
        ("native", "closure #2 in Cart.load()", "closure in Cart.load"),
        ("native", "<redacted>", ""),
        ("ruby", "block (2 levels) in total", "block total"),
        ("ruby", "Shop::Cart#total", "total"),
        ("ruby", "Shop::Cart.build", "build"),
        ("ruby", "block in Shop::Cart#total", "block total"),
        ("ruby", "_app_views_show_html_erb__1234_5678", "_app_views_show_html_erb"),
        ("php", "{closure:/app/a.php:12}", "{closure}"),
        ("php", "class@anonymous\0/app/a.php:3$1f::run", "class@anonymous::run"),
        ("csharp", "<Total>b__0_1", "Total lambda"),
        ("csharp", "<Total>g__Add|3_0", "Total.Add"),
        ("csharp", "Run(Int32 count)", "Run"),
        ("elixir", "-run/2-fun-3-", "-run/2-fun-"),
        ("dart", "load.<anonymous closure>", "load.{closure}"),
    ],
)
def test_a_function_keeps_the_part_that_stays(platform: str, sent: str, stable: str) -> None:
    assert function(platform, sent) == stable


@pytest.mark.parametrize(
    ("platform", "fields", "stable"),
    [
        ("python", {"module": "shop.cart", "filename": "shop/cart.py"}, ("shop.cart", "cart.py")),
        ("python", {"module": "/srv/r/41/t/cart.html"}, ("t/cart.html", "")),
        (
            "python",
            {"module": "__main__", "abs_path": "/srv/41/main.py"},
            ("__main__ */main.py", "main.py"),
        ),
        ("python", {"filename": "<handler 8f3a91>"}, ("", "<handler *>")),
        ("node", {"module": "lib:jobs", "filename": "lib/jobs.js"}, ("lib:jobs", "jobs.js")),
        ("node", {"module": "main-KMKHLRLD", "filename": "main-KMKHLRLD.js"}, ("main", "main.js")),
        ("node", {"filename": "/srv/app.3f2a9b1c.js"}, ("", "app.js")),
        ("node", {"filename": "/srv/order-service.js"}, ("", "order-service.js")),
        ("node", {"filename": "/srv/OrderService.js"}, ("", "orderservice.js")),
        ("javascript", {"filename": "https://a.example/js/cart.js?v=1"}, ("", "cart.js")),
        ("javascript", {"filename": "https://a.example/main.js"}, ("", "")),
        ("javascript", {"filename": "https://a.example/assets/cart-Ab12Cd34.js"}, ("", "")),
        ("javascript", {"filename": "https://a.example/src/index.tsx"}, ("", "index.tsx")),
        ("javascript", {"filename": "https://a.example/cart?id=1"}, ("", "")),
        ("javascript", {"filename": "https://a.example/a.js line 7 > Function"}, ("", "a.js")),
        (
            "node",
            {
                "module": "jobs.js:62:10), <anonymous>",
                "filename": "eval at r (/srv/jobs.js:62:10), <anonymous>",
            },
            ("", "jobs.js"),
        ),
        ("java", {"module": "com.acme.Orders$1"}, ("com.acme.Orders$", "")),
        ("java", {"module": "shop.core$fn__123"}, ("shop.core$fn", "")),
        (
            "csharp",
            {"module": "Shop.List`1[[System.Int32]]", "filename": "C:\\src\\List.cs"},
            ("Shop.List", "list.cs"),
        ),
    ],
)
def test_a_place_keeps_the_part_that_stays(
    platform: str, fields: dict[str, str], stable: tuple[str, str]
) -> None:
    assert names(platform, function="run", **fields)[:2] == stable


@pytest.mark.parametrize(
    ("platform", "fields"),
    [
        ("python", {"function": "<listcomp>"}),
        ("javascript", {"function": "Promise.all", "filename": "index 3"}),
        ("javascript", {"function": "Array.map"}),
        ("javascript", {"function": "run", "filename": "[native code]"}),
        ("javascript", {"function": "t", "filename": "https://a.example/a.js"}),
        ("javascript", {"filename": "https://a.example/a.js"}),
        (
            "java",
            {"module": "com.acme.Stock$$EnhancerBySpringCGLIB$$e720ab01", "function": "check"},
        ),
        ("java", {"module": "com.acme.Stock$$SpringCGLIB$$0", "function": "check"}),
        ("java", {"module": "com.acme.Stock$ByteBuddy$8iVNEemD", "function": "check"}),
        ("java", {"module": "jdk.proxy2.$Proxy30", "function": "find"}),
        ("java", {"module": "com.acme.Orders$$Lambda$113/0x00007f44", "function": "apply"}),
        (
            "java",
            {"module": "jdk.internal.reflect.GeneratedMethodAccessor12", "function": "invoke"},
        ),
    ],
)
def test_a_frame_that_comes_and_goes_is_ignored(platform: str, fields: dict[str, str]) -> None:
    assert family_of(platform).stable_names(read_frame(dict(fields), platform)).ignored


def test_code_without_symbols_is_known_by_its_place_in_the_image() -> None:
    sent = read_frame(
        {"package": "/opt/bin/shop", "instruction_addr": "0x401000", "image_addr": 0x400000},
        "native",
    )

    assert family_of("native").stable_names(sent).function == "shop+0x1000"


def test_every_family_has_one_file_and_is_in_the_catalogue() -> None:
    folder = Path(catalogue.__file__).parent
    files = {each.stem for each in folder.glob("*.py")} - {
        "__init__",
        "catalogue",
        "family",
        "nested_marks",
    }

    assert {each.name for each in FAMILIES} == files


def test_no_platform_is_claimed_twice() -> None:
    platforms = [each for family in FAMILIES for each in family.platforms]

    assert len(set(platforms)) == len(platforms)


def test_rust_is_known_by_its_sdk() -> None:
    assert family_of("native", "sentry.rust").name == "rust"
    assert family_of("native", "sentry.native").name == "native"
    assert family_of("brainfuck").name == "other"


def decided(platform: str, *frames: tuple[bool | None, str]) -> list[bool]:
    """Take each frame as what the SDK said and its place: a path or a module."""
    sent = [{"in_app": said, "function": "run", _key_of(place): place} for said, place in frames]
    return in_app_of(event(exception(*sent), platform=platform))


def _key_of(place: str) -> str:
    return "module" if set(place).isdisjoint("/:<") else "abs_path"


YES, NO, SILENT = True, False, None


@pytest.mark.parametrize(
    ("platform", "frames", "expected"),
    [
        # What SDKs say is believed.
        ("python", [(YES, "/x/site-packages/mine/a.py"), (NO, "/srv/a.py")], [True, False]),
        # Python says nothing of the standard library.
        (
            "python",
            [(YES, "/srv/a.py"), (SILENT, "/usr/lib/python3.12/json/decoder.py")],
            [True, False],
        ),
        ("python", [(YES, "/srv/a.py"), (SILENT, "/opt/odd/json/decoder.py")], [True, False]),
        ("python", [(SILENT, "threading"), (NO, "kafka.client")], [False, False]),
        # A sender that knows nothing of in_app.
        ("python", [(SILENT, "/srv/a.py"), (SILENT, "/x/site-packages/a.py")], [True, False]),
        # Java without and with packages.
        (
            "java",
            [
                (SILENT, "java.lang.Thread"),
                (SILENT, "com.acme.Shop"),
                (SILENT, "org.springframework.web.X"),
            ],
            [False, True, False],
        ),
        ("java", [(SILENT, "com.other.Library"), (YES, "com.acme.Shop")], [False, True]),
        # Browsers call everything in-app.
        (
            "javascript",
            [
                (YES, "https://unpkg.com/react.js"),
                (YES, "https://a.example/a.ts"),
                (YES, "chrome-extension://x/a.js"),
            ],
            [False, True, False],
        ),
        (
            "javascript",
            [(YES, "webpack:///./node_modules/react/index.js"), (YES, "webpack:///./a.js")],
            [False, True],
        ),
        (
            "node",
            [(NO, "eval at run (/srv/a.js:1:2), <anonymous>"), (NO, "node:fs")],
            [True, False],
        ),
        # Go with -trimpath calls nothing in-app.
        (
            "go",
            [
                (NO, "/net/http/server.go"),
                (NO, "shop.example/shop/orders/orders.go"),
                (NO, "github.com/a/b@v1.2.3/b.go"),
            ],
            [False, True, False],
        ),
        ("go", [(NO, "net/http"), (YES, "main"), (NO, "shop.example/lib")], [False, True, False]),
        # Rust says nothing of parts of the panic machinery.
        ("rust", [(YES, "/src/a.rs"), (SILENT, "/x/anyhow.rs")], [True, False]),
        ("native", [(SILENT, "/usr/lib/libc.so"), (SILENT, "/src/a.c")], [False, True]),
        ("csharp", [(SILENT, "System.Threading.Task"), (SILENT, "Shop.Cart")], [False, True]),
        ("php", [(SILENT, "/app/vendor/a/b.php"), (SILENT, "/app/a.php")], [False, True]),
        (
            "ruby",
            [(SILENT, "/usr/local/bundle/gems/rails/a.rb"), (SILENT, "/app/a.rb")],
            [False, True],
        ),
    ],
)
def test_whose_code_it_is(
    platform: str, frames: list[tuple[bool | None, str]], expected: list[bool]
) -> None:
    assert decided(platform, *frames) == expected
