using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Hosting;
using Peregrine.Gateway.Upstreams;

namespace Peregrine.Gateway.Tests.Admin;

/// <summary>What operators see and do.</summary>
public sealed class AdminApiTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine-admin-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_server_that_is_begun_anew_ends_its_call_in_flight_and_answers_the_next_with_another_process()
    {
        await using var gateway = await StartAsync();
        var before = await gateway.CallTextAsync("pid");
        var call = gateway.CallTextAsync("sleep", """{"ms":1500}""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].InFlight == 1));

        var restarting = gateway.AdminAsync(HttpMethod.Post, "/upstreams/only/restart");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].State == UpstreamState.Restarting));
        var after = await gateway.CallTextAsync("pid");

        Assert.Equal("awake", await call);
        Assert.NotEqual(before, after);
        Assert.Equal(HttpStatusCode.OK, (await restarting).Status);
    }

    [Fact]
    public async Task A_server_taken_out_of_service_stays_listed_and_refuses_calls_until_it_is_put_back()
    {
        await using var gateway = await StartAsync();
        await gateway.CallTextAsync("pid");

        var (status, answer) = await gateway.AdminAsync(HttpMethod.Post, "/upstreams/only/drain");

        Assert.Equal((HttpStatusCode.OK, true), (status, (bool)answer["drained"]!));
        var error = JsonNode.Parse(await gateway.SessionAsync("tools/call", """{"name":"pid"}"""))!["error"]!;
        Assert.Equal((4006, true), ((int)error["code"]!, (bool)error["data"]!["retryable"]!));
        Assert.Contains("\"pid\"", await gateway.SessionAsync("tools/list", "{}"), StringComparison.Ordinal);
        Assert.True((bool)JsonNode.Parse((await gateway.GetAsync("/api/status")).Body)!["upstreams"]![0]!["drained"]!);

        await gateway.AdminAsync(HttpMethod.Post, "/upstreams/only/enable");
        await gateway.CallTextAsync("pid");
    }

    [Fact]
    public async Task Calls_are_recorded_once_their_switch_is_on()
    {
        await using var gateway = await StartAsync();
        await gateway.CallTextAsync("pid");
        var off = (await gateway.AdminAsync(HttpMethod.Get, "/calls")).Answer;
        Assert.False((bool)off["recording"]!);
        Assert.Empty(off["recent"]!.AsArray());

        var (status, answer) = await gateway.AdminAsync(HttpMethod.Put, "/switches/call-records", """{"on":true}""");
        Assert.Equal((HttpStatusCode.OK, 100), (status, (int)answer["percent"]!));
        await gateway.SessionAsync("tools/call", """{"name":"tool_error"}""");
        var slow = gateway.CallTextAsync("sleep", """{"ms":2000}""");
        await RunningGateway.UntilAsync(() => Task.FromResult(gateway.Gateway.Upstreams[0].InFlight == 1));

        var calls = (await gateway.AdminAsync(HttpMethod.Get, "/calls?limit=10")).Answer;
        var active = calls["active"]!.AsArray().Single()!;
        Assert.Equal(("tools/call", "sleep"), ((string)active["method"]!, (string)active["name"]!));
        Assert.Equal(("tool_error", "tool_error"), ((string)calls["recent"]![0]!["name"]!, (string)calls["recent"]![0]!["outcome"]!));
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.AdminAsync(HttpMethod.Get, "/calls?limit=0")).Status);
        await slow;
    }

    [Fact]
    public async Task A_slow_call_is_logged_where_calls_are_recorded()
    {
        using var logs = new RecordedLogs();
        await using var gateway = await StartAsync(""" "recordCalls": true, "slowCallSeconds": 0.05 """, new GatewayOptions { Loggers = logs });

        await gateway.CallTextAsync("pid");
        await gateway.CallTextAsync("sleep", """{"ms":200}""");

        Assert.Contains(logs.Lines, static line => line.Contains("sleep", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Switches_are_listed_and_what_is_wrong_with_a_setting_is_said()
    {
        await using var gateway = await StartAsync();

        var switches = (await gateway.AdminAsync(HttpMethod.Get, "/switches")).Answer["switches"]!.AsArray();
        Assert.Contains(switches, static one => (string)one!["name"]! == "call-records" && !(bool)one["on"]!);
        await RefusedAsync(gateway, HttpMethod.Put, "/switches/nothing", """{"on":true}""", HttpStatusCode.NotFound, "There are: call-records");
        await RefusedAsync(gateway, HttpMethod.Put, "/switches/call-records", """{"percent":101}""", HttpStatusCode.BadRequest, "from 0 to 100");
        await RefusedAsync(gateway, HttpMethod.Put, "/switches/call-records", """{"of":true}""", HttpStatusCode.BadRequest, "\"on\" and \"percent\"");
        await RefusedAsync(gateway, HttpMethod.Put, "/switches/call-records", "{", HttpStatusCode.BadRequest, "no JSON object");
        await RefusedAsync(gateway, HttpMethod.Put, "/switches/call-records", "[]", HttpStatusCode.BadRequest, "must be a JSON object");
        await RefusedAsync(gateway, HttpMethod.Put, "/switches/call-records", new string(' ', 70_000), HttpStatusCode.RequestEntityTooLarge, "longer");
        Assert.False(gateway.Gateway.Instruments.IsOn);
        Assert.Equal(25, (int)(await gateway.AdminAsync(HttpMethod.Put, "/switches/call-records", """{"percent":25}""")).Answer["percent"]!);
    }

    [Fact]
    public async Task A_session_is_listed_without_its_id_and_can_be_ended()
    {
        await using var gateway = await StartAsync();
        using var http = new HttpClient { BaseAddress = gateway.Address };
        using var opened = await PostAsync(http, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"inspector","version":"7"}}}""", null);
        var id = opened.Headers.GetValues("Mcp-Session-Id").Single();

        var answer = (await gateway.AdminAsync(HttpMethod.Get, "/sessions")).Answer;
        var session = answer["sessions"]!.AsArray().Single()!;
        Assert.Equal(("inspector 7", "/mcp", "2025-11-25"), ((string)session["client"]!, (string)session["path"]!, (string)session["version"]!));
        Assert.DoesNotContain(id, answer.ToJsonString(), StringComparison.Ordinal);

        using (var alive = await PostAsync(http, """{"jsonrpc":"2.0","id":2,"method":"ping"}""", id))
        {
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.AdminAsync(HttpMethod.Delete, "/sessions/" + session["name"])).Status);
        using var gone = await PostAsync(http, """{"jsonrpc":"2.0","id":3,"method":"ping"}""", id);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        await RefusedAsync(gateway, HttpMethod.Delete, "/sessions/" + session["name"], null, HttpStatusCode.NotFound, "GET /admin/sessions");
    }

    [Fact]
    public async Task The_configuration_is_read_again_and_a_file_with_errors_changes_nothing()
    {
        var file = Path.Combine(_folder, "gateway.json");
        await using var gateway = await StartAsync(options: new GatewayOptions { ConfigurationFile = file });
        await File.WriteAllTextAsync(file, $$"""{"servers": { "only": { {{RunningGateway.Server("--session")}} }, "more": { {{RunningGateway.Server("--stateless")}} } } }""");

        var (status, answer) = await gateway.AdminAsync(HttpMethod.Post, "/reload");
        Assert.Equal((HttpStatusCode.OK, "more"), (status, (string)answer["added"]![0]!));
        await RunningGateway.UntilAsync(async () => (await gateway.SessionAsync("tools/list", "{}")).Contains("more_echo", StringComparison.Ordinal));

        await File.WriteAllTextAsync(file, """{"servers": { "only": { "comand": "x" } } }""");
        (status, answer) = await gateway.AdminAsync(HttpMethod.Post, "/reload");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Did you mean \"command\"", (string)answer["errors"]![0]!, StringComparison.Ordinal);
        Assert.Equal(2, gateway.Gateway.Upstreams.Length);
    }

    [Fact]
    public async Task What_is_not_there_is_said_with_what_is()
    {
        await using var gateway = await StartAsync();
        await gateway.SessionAsync("tools/list", "{}");

        await RefusedAsync(gateway, HttpMethod.Post, "/upstreams/other/restart", null, HttpStatusCode.NotFound, "There are: only");
        await RefusedAsync(gateway, HttpMethod.Get, "/nothing", null, HttpStatusCode.NotFound, "GET /admin/status");
        await RefusedAsync(gateway, HttpMethod.Post, "/status", null, HttpStatusCode.NotFound, "GET /admin/status");
        await RefusedAsync(gateway, HttpMethod.Post, "/reload", null, HttpStatusCode.Conflict, "without a configuration file");
        var catalog = (await gateway.AdminAsync(HttpMethod.Get, "/catalog?upstream=only")).Answer;
        Assert.Equal("Says it again", (string)catalog["tools"]![0]!["description"]!);
        Assert.Equal("only", (string)(await gateway.AdminAsync(HttpMethod.Get, "/upstreams")).Answer["upstreams"]![0]!["name"]!);
        Assert.Equal("peregrine", (string)(await gateway.AdminAsync(HttpMethod.Get, "/status")).Answer["name"]!);
    }

    [Fact]
    public async Task With_a_token_it_is_asked_for_on_every_path()
    {
        await using var gateway = await StartAsync(""" "adminToken": "${ADMIN}" """, environment: static name => name == "ADMIN" ? "a-token-that-is-long-enough" : null);

        foreach (var (method, path) in new[] { (HttpMethod.Get, "/status"), (HttpMethod.Get, "/calls"), (HttpMethod.Post, "/reload"), (HttpMethod.Get, ""), (HttpMethod.Get, "/nothing") })
        {
            await RefusedAsync(gateway, method, path, null, HttpStatusCode.Unauthorized, "Authorization: Bearer TOKEN");
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.AdminAsync(HttpMethod.Get, "/status", null, ("Authorization", "Bearer a-token-that-is-long-enough"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/api/status")).Status);
    }

    [Fact]
    public async Task A_page_of_another_port_on_this_machine_may_not_use_it()
    {
        await using var gateway = await StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.AdminAsync(HttpMethod.Post, "/upstreams/only/drain", null, ("Origin", "http://localhost:3000"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.AdminAsync(HttpMethod.Get, "/status", null, ("Origin", gateway.Address.GetLeftPart(UriPartial.Authority)))).Status);
        Assert.False(gateway.Gateway.Upstreams[0].IsDrained);
    }

    [Fact]
    public async Task Nothing_of_it_holds_a_secret()
    {
        await using var gateway = await RunningGateway.StartAsync($$$"""
            {"servers": { "a": { {{{RunningGateway.Server("--key=hidden-secret")}}}, "env": { "TOKEN": "hidden-secret" } },
                          "b": { "url": "http://user:hidden-secret@127.0.0.1:1/mcp?key=hidden-secret", "headers": { "Authorization": "Bearer hidden-secret" } } },
             "peregrine": { "recordCalls": true, "adminToken": "${ADMIN}" } }
            """, environment: static _ => "hidden-secret-0123456789");
        await gateway.CallTextAsync("a_echo", """{"message":"hidden-secret"}""");

        foreach (var path in (string[])["/status", "/upstreams", "/catalog", "/changes", "/calls", "/sessions", "/switches"])
        {
            var (status, answer) = await gateway.AdminAsync(HttpMethod.Get, path, null, ("Authorization", "Bearer hidden-secret-0123456789"));
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.DoesNotContain("hidden-secret", answer.ToJsonString(), StringComparison.Ordinal);
        }
    }

    private static Task<RunningGateway> StartAsync(string settings = "", GatewayOptions? options = null, Func<string, string?>? environment = null) => RunningGateway.StartAsync($$$"""
        {"servers": { "only": { {{{RunningGateway.Server("--session")}}} } }, "peregrine": { {{{settings}}} } }
        """, options, environment);

    private static async Task RefusedAsync(RunningGateway gateway, HttpMethod method, string path, string? body, HttpStatusCode expected, string sentence)
    {
        var (status, answer) = await gateway.AdminAsync(method, path, body);
        Assert.Equal(expected, status);
        Assert.Contains(sentence, (string)answer["error"]!, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string message, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return http.SendAsync(request);
    }
}
