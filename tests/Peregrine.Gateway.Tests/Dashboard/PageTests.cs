using System.Text.Json.Nodes;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Upstreams;
using Peregrine.Server;

namespace Peregrine.Gateway.Tests.Dashboard;

/// <summary>The page in a real browser.</summary>
[Trait("Category", "Slow")]
public sealed class PageTests
{
    private static readonly string Pictures = Path.Combine(AppContext.BaseDirectory, "screenshots");

    [Fact]
    public async Task The_explorer_calls_a_tool_through_the_form_made_of_its_schema()
    {
        SkipWithoutBrowser();
        await using var gateway = await StartAsync();
        await using var browser = await Browser.StartAsync();
        await OpenAsync(browser, gateway);

        await browser.ClickAsync("#filter");
        await browser.TypeAsync("docs_echo");
        await browser.UntilAsync("document.querySelectorAll('#tools > li').length === 1");
        await browser.ClickAsync("#tools > li > button");
        await browser.ClickAsync("#tools input[name=message]");
        await browser.TypeAsync("hello <b>from</b> a form");
        await browser.ClickAsync("#tools button.main");
        await browser.UntilAsync("document.querySelector('#tools .outcome pre.said')");

        Assert.Equal("hello <b>from</b> a form", await browser.ReadAsync("document.querySelector('#tools .outcome pre.said').textContent"));
        Assert.Equal("result", await browser.ReadAsync("document.querySelector('#tools .outcome .pill').textContent"));
        Assert.Empty(browser.Faults);
        Assert.All(browser.Requests, url => Assert.True(url.StartsWith(gateway.Address.ToString(), StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
        Assert.Equal(1, gateway.Gateway.Upstreams.Single(static upstream => upstream.Name == "docs").Calls.Read().Count);
    }

    [Fact]
    public async Task Every_kind_of_field_becomes_the_argument_it_stands_for()
    {
        SkipWithoutBrowser();
        await using var gateway = await StartAsync();
        await using var browser = await Browser.StartAsync();
        await OpenAsync(browser, gateway);
        await browser.ReadAsync("[...document.querySelectorAll('#tools > li > button')].find(b => b.textContent.startsWith('book_trip')).click()");
        await FillAsync(browser, "to", "Oslo");
        await FillAsync(browser, "when", "2027-03-01");
        await FillAsync(browser, "refundable", "0");
        await FillAsync(browser, "stops", """["Hamburg"]""");
        await FillAsync(browser, "name", "Ann");
        await browser.ClickAsync("#tools button.main");
        await browser.UntilAsync("document.querySelector('#tools .outcome pre.said')");

        var sent = JsonNode.Parse(await browser.ReadAsync("document.querySelector('#tools .outcome pre.said').textContent"))!;
        Assert.Equal("""{"to":"Oslo","when":"2027-03-01","class":"second","seats":1,"refundable":true,"stops":["Hamburg"],"traveller":{"name":"Ann"}}""", sent.ToJsonString());

        await FillAsync(browser, "stops", "[");
        await browser.ClickAsync("#tools button.main");
        await browser.UntilAsync("document.querySelector('#tools .outcome.bad')");
        Assert.Contains("stops is no JSON", await browser.ReadAsync("document.querySelector('#tools .outcome').textContent"), StringComparison.Ordinal);
        Assert.Empty(browser.Faults);
    }

    [Fact]
    public async Task Operators_drain_record_and_accept_on_the_page()
    {
        SkipWithoutBrowser();
        await using var gateway = await StartAsync();
        await using var browser = await Browser.StartAsync();
        await OpenAsync(browser, gateway);
        await browser.UntilAsync("document.querySelectorAll('#upstreams > .upstream').length === 4");
        await browser.UntilAsync("admin.isOpen && !document.querySelector('#upstreams .actions').hidden");

        await browser.ReadAsync("cards.get('docs').drain.click()");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Single(static upstream => upstream.Name == "docs").IsDrained));
        await browser.UntilAsync("cards.get('docs').pill.textContent === 'drained' && cards.get('docs').drain.textContent === 'Enable'");
        await browser.UntilAsync("document.querySelector('#alerts').textContent.includes('was taken out of service')");

        await browser.ClickAsync("#record:enabled");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Instruments.IsOn));
        await gateway.CallTextAsync("search_echo", """{"message":"x"}""");
        await browser.UntilAsync("document.querySelector('#callrows').textContent.includes('search_echo')");
        Assert.Empty(browser.Faults);
    }

    [Fact]
    public async Task Where_a_token_is_asked_for_the_page_asks_for_it()
    {
        SkipWithoutBrowser();
        await using var gateway = await RunningGateway.StartAsync("""{"servers": {}, "peregrine": { "adminToken": "${ADMIN}" } }""", environment: static _ => "a-token-that-is-long-enough");
        await using var browser = await Browser.StartAsync();
        await OpenAsync(browser, gateway);
        await browser.UntilAsync("!document.querySelector('#tokenform').hidden && document.querySelector('#tokenform').offsetParent");

        await browser.ClickAsync("#token");
        await browser.TypeAsync("a-token-that-is-long-enough");
        await browser.ClickAsync("#tokenform button");
        await browser.UntilAsync("admin.isOpen && document.querySelector('#adminnote').hidden");
    }

    [Theory]
    [InlineData("light", 1280, false)]
    [InlineData("dark", 1280, true)]
    [InlineData("phone", 390, true)]
    public async Task It_is_photographed_while_calls_run(string name, int width, bool dark)
    {
        SkipWithoutBrowser();
        await using var gateway = await StartAsync();
        await using var browser = await Browser.StartAsync();
        gateway.Gateway.Switches["call-records"].TurnOn();
        using var ending = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(caller => CallAsync(gateway, caller, ending.Token)).ToArray();
        await OpenAsync(browser, gateway, width, dark);
        await browser.UntilAsync("series.rate.filter(r => r > 0).length >= 6");
        await browser.ReadAsync("[...document.querySelectorAll('#tools > li > button')].find(b => b.textContent.startsWith('book_trip')).click()");
        await browser.UntilAsync("document.querySelector('#callrows tr')");
        await browser.UntilAsync("!document.querySelector('#cache').hidden && document.querySelector('#cacheshare').textContent.endsWith('%')");

        // Nothing may be wider than the page: on a phone that would make it scroll sideways.
        Assert.Equal("true", await browser.ReadAsync("document.documentElement.scrollWidth <= innerWidth"));
        await browser.SizeAsync(width, (int)double.Parse(await browser.ReadAsync("document.documentElement.scrollHeight"), System.Globalization.CultureInfo.InvariantCulture));
        await browser.PictureAsync(Path.Combine(Pictures, name + ".png"));
        await ending.CancelAsync();
        await Task.WhenAll(callers);
        Assert.Empty(browser.Faults);
        Assert.True(new FileInfo(Path.Combine(Pictures, name + ".png")).Length > 20_000);
    }

    // Once it shows what the gateway says: before that, what is clicked on may move.
    private static async Task OpenAsync(Browser browser, RunningGateway gateway, int width = 1280, bool dark = false)
    {
        await browser.OpenAsync(gateway.Address, width, 900, dark);
        await browser.UntilAsync("last && document.querySelector('#tools > li')");
    }

    private static void SkipWithoutBrowser() => Assert.SkipWhen(Browser.Program is null, "chromium is missing: Debian package chromium, or ./test --install");

    private static async Task FillAsync(Browser browser, string field, string value)
    {
        var quoted = JsonValue.Create(value)!.ToJsonString();
        await browser.ReadAsync($"document.querySelector('#tools [name={field}]').value = {quoted}");
    }

    private static async Task CallAsync(RunningGateway gateway, int caller, CancellationToken ending)
    {
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            await gateway.SessionAsync("tools/call", (i % 40, caller) switch
            {
                (7, 0) => """{"name":"search_fail"}""",
                (_, 0) when i % 4 == 1 => """{"name":"search_pid"}""",
                (9, 1) => """{"name":"docs_tool_error"}""",
                (_, 2) => """{"name":"docs_sleep","arguments":{"ms":35}}""",
                _ => """{"name":"search_echo","arguments":{"message":"x"}}""",
            }, cancellationToken: CancellationToken.None);
        }
    }

    private static async Task<RunningGateway> StartAsync()
    {
        var server = PeregrineServer.CreateBuilder("travel", "1.2").AddTool(new FormTool()).Build();
        var gateway = await RunningGateway.StartAsync($$$"""
            {"servers": { "docs": { {{{RunningGateway.Server("--session")}}} }, "search": { {{{RunningGateway.Server("--stateless")}}} }, "mail": { {{{RunningGateway.Server("--broken")}}} } },
             "peregrine": { "servers": { "docs": { "minProcesses": 2, "maxProcesses": 4 } }, "policies": { "tools": { "search_pid": { "readOnly": true, "cache": { "seconds": 60 } } } } } }
            """, new GatewayOptions { InProcessServers = [new InProcessServer("travel", server)] });
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams.Count(static upstream => upstream.State == UpstreamState.Ready) == 3 && gateway.Gateway.IsReady));
        return gateway;
    }
}
