using System.Text.Json;
using Peregrine.Client.Tools;
using Peregrine.Protocol.Versions;

namespace Peregrine.Client.Tests.Typed;

/// <summary>A client generated from the contract beside this file.</summary>
public sealed class TypedClientTests
{
    private const string Initialized = "\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";

    [Fact]
    public async Task Arguments_and_results_have_types()
    {
        var server = Scripted("\"result\":{\"content\":[],\"structuredContent\":{\"temperature\":19.5,\"wind\":null,\"alerts\":[{\"text\":\"storm\"}]}}");
        await using var client = await ConnectAsync(server);
        var weather = await new WeatherClient(client).GetWeatherAsync(
            "Oslo \"1\"", maybe: null, @class: "a", days: [1, 2], detail: new WeatherClient.Detail(1.5, new WeatherClient.Detail(2)), metric: true, other: JsonElement.Parse("{\"x\":[1]}"));

        Assert.Equal((19.5, (long?)null), (weather.Temperature, weather.Wind));
        Assert.Equal(["storm"], weather.Alerts.Select(static alert => alert.Text));
        Assert.Equal(
            """{"city":"Oslo \u00221\u0022","maybe":null,"class":"a","days":[1,2],"detail":{"depth":1.5,"inner":{"depth":2}},"metric":true,"other":{"x":[1]}}""",
            server.Messages[^1].GetProperty("params").GetProperty("arguments").GetRawText());
    }

    [Fact]
    public async Task What_is_left_out_is_not_sent()
    {
        var server = Scripted("\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"temperature\\\":1,\\\"alerts\\\":[],\\\"wind\\\":7}\"}]}");
        await using var client = await ConnectAsync(server);
        var weather = await new WeatherClient(client).GetWeatherAsync("Oslo", "x");
        Assert.Equal(7, weather.Wind);
        Assert.Equal("""{"city":"Oslo","maybe":"x"}""", server.Messages[^1].GetProperty("params").GetProperty("arguments").GetRawText());
    }

    [Fact]
    public async Task Two_tools_with_names_alike_have_two_methods_and_a_tool_without_schema_gives_text()
    {
        var server = Scripted("\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"[1,2]\"}]}");
        await using var client = await ConnectAsync(server);
        var weather = new WeatherClient(client);
        Assert.Equal("[1,2]", await weather.GetWeatherAsync2());
        Assert.Equal([1L, 2L], await weather.PingAsync());
        Assert.Same(client, weather.Client);
    }

    [Fact]
    public async Task A_tool_that_fails_throws_what_it_said()
    {
        var server = Scripted("\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"no such city\"}],\"isError\":true}");
        await using var client = await ConnectAsync(server);
        var exception = await Assert.ThrowsAsync<ToolFailedException>(async () => await new WeatherClient(client).GetWeatherAsync("Oslo", null));
        Assert.Equal("no such city", exception.Message);
    }

    [Fact]
    public async Task Schemas_that_lead_back_to_themselves_end_in_json()
    {
        var server = Scripted("\"result\":{\"content\":[],\"structuredContent\":{\"a\":[]}}");
        await using var client = await ConnectAsync(server);
        JsonElement? tree = await new WeatherClient(client).TreeAsync("x", [JsonElement.Parse("[[]]")]);

        Assert.Equal("""{"a":[]}""", tree?.GetRawText());
        Assert.Equal("""{"v1":"x","v2":[[[]]]}""", server.Messages[^1].GetProperty("params").GetProperty("arguments").GetRawText());
    }

    [Theory]
    [InlineData("{\\\"temperature\\\":\\\"warm\\\",\\\"alerts\\\":[]}")]
    [InlineData("{\\\"alerts\\\":[]}")]
    [InlineData("no JSON")]
    public async Task A_result_that_is_not_what_the_contract_says_is_a_failure_that_says_so(string text)
    {
        var server = Scripted($"\"result\":{{\"content\":[{{\"type\":\"text\",\"text\":\"{text}\"}}]}}");
        await using var client = await ConnectAsync(server);
        var exception = await Assert.ThrowsAsync<ToolFailedException>(async () => await new WeatherClient(client).GetWeatherAsync("Oslo", null));
        Assert.StartsWith("The tool \"get_weather\" has run, but its result is not what weather.mcp.json says; pull the contract again. ", exception.Message, StringComparison.Ordinal);
    }

    private static ScriptedServer Scripted(string answer) => new((method, _) => method switch
    {
        "initialize" => Initialized,
        "tools/call" => answer,
        _ => null,
    });

    private static Task<PeregrineClient> ConnectAsync(ScriptedServer server) =>
        PeregrineClient.ConnectAsync(server.Connection, new PeregrineClientOptions { Era = ProtocolEra.Session }).Soon();
}
