using System.Text.Json;
using Peregrine.Generators.Tests.Serving;
using Peregrine.Protocol.Versions;

namespace Peregrine.Generators.Tests.Results;

public sealed class ResultTests
{
    private static readonly ToolServer Server = ToolServer.Of<ResultTools>();

    [Theory]
    [InlineData("object", "{}", """{"key":"k","value":1}""", """{"key":"k","value":1}""")]
    [InlineData("nullable_object", """{"isNull":false}""", """{"key":"k","value":1}""", """{"result":{"key":"k","value":1}}""")]
    [InlineData("nullable_object", """{"isNull":true}""", null, """{"result":null}""")]
    [InlineData("list", "{}", "[1,2]", """{"result":[1,2]}""")]
    [InlineData("map", "{}", """{"a":1}""", """{"a":1}""")]
    [InlineData("node", """{"isObject":true}""", """{"a":1}""", """{"a":1}""")]
    [InlineData("node", """{"isObject":false}""", "[1]", null)]
    [InlineData("raw", """{"value":{"a" : [1, "x"]}}""", """{"a" : [1, "x"]}""", """{"a" : [1, "x"]}""")]
    [InlineData("bytes", "{}", "AQID", null)]
    [InlineData("foreign", "{}", "\"1 EUR\"", null)]
    [InlineData("rented", "{}", "written", null)]
    public async Task Value_is_text_and_structured_content(string tool, string arguments, string? text, string? structured)
    {
        var reply = await Server.CallAsync(tool, arguments);
        Assert.False(reply.IsError, reply.Text);
        Assert.Equal(text, reply.Text);
        Assert.Equal(structured, reply.Message.GetProperty("result").TryGetProperty("structuredContent", out var found) ? found.GetRawText() : null);
    }

    [Theory]
    [InlineData("object", """{"type":"object","properties":{"key":{"type":"string"},"value":{"type":"number"}},"required":["key","value"]}""")]
    [InlineData("list", """{"type":"object","properties":{"result":{"type":"array","items":{"type":"integer"}}},"required":["result"]}""")]
    [InlineData("map", """{"type":"object","additionalProperties":{"type":"integer"}}""")]
    [InlineData("node", "")]
    [InlineData("texts", "")]
    [InlineData("bytes", "")]
    public void Output_schema_says_what_comes(string tool, string schema) =>
        Assert.Equal(schema, System.Text.Encoding.UTF8.GetString(Server.Server.Tools.Single(found => found.Name == tool).OutputSchema.Span));

    [Fact]
    public async Task Clients_before_structured_content_get_text_only()
    {
        using var exchange = new TestExchange("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"object","arguments":{}}}""", ProtocolVersion.V2025_03_26);
        await Server.Server.RespondAsync(exchange);
        using var reply = JsonDocument.Parse(exchange.Reply.WrittenMemory);
        Assert.False(reply.RootElement.GetProperty("result").TryGetProperty("structuredContent", out _));
    }

    [Fact]
    public async Task Content_blocks_are_returned_as_they_are()
    {
        Assert.Equal("image", (await Server.CallAsync("block")).Message.GetProperty("result").GetProperty("content")[0].GetProperty("type").GetString());
        Assert.Equal(2, (await Server.CallAsync("blocks")).Message.GetProperty("result").GetProperty("content").GetArrayLength());
    }

    [Fact]
    public async Task Each_item_is_a_block_and_is_told_of()
    {
        var reply = await Server.CallAsync("texts", """{"count":3}""");
        Assert.Equal(["text 0", "text 1", "text 2"], reply.Message.GetProperty("result").GetProperty("content").EnumerateArray().Select(static block => block.GetProperty("text").GetString()));
        Assert.Equal(3, reply.Notifications.Count);
        Assert.Equal(0, (await Server.CallAsync("texts", """{"count":0}""")).Message.GetProperty("result").GetProperty("content").GetArrayLength());
    }

    [Fact]
    public async Task Items_with_a_schema_are_structured_too()
    {
        var reply = await Server.CallAsync("pairs", """{"count":2}""");
        Assert.Equal("""{"result":[{"key":"k","value":0},{"key":"k","value":1}]}""", reply.Message.GetProperty("result").GetProperty("structuredContent").GetRawText());
    }

    [Fact]
    public async Task Failure_on_the_way_is_a_failure() => Assert.Equal("No more.", await Server.RefusalAsync("failing", "{}"));

    [Fact]
    public async Task Too_long_a_result_is_refused_where_it_is_one_piece()
    {
        var reply = await Server.CallAsync("long");
        Assert.Equal(4003, reply.Message.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("""{"order":{"count":1,"item":"a"}}""", "1 a a  1 0")]
    [InlineData("""{"order":{"count":10,"item":"ab","notes":["x","y"]},"choice":"b","mail":"a@b","number":4,"more":[1,2]}""", "10 ab b a@b 4 2")]
    public async Task Value_inside_the_bounds_is_taken(string arguments, string text) => Assert.Equal(text, await Server.TextAsync("take", arguments));

    [Theory]
    [InlineData("""{"order":{"count":11,"item":"a"}}""", "Argument \"order.count\" must be an integer from 1 to 10; found 11.")]
    [InlineData("""{"order":{"count":1,"item":"A"}}""", "Argument \"order.item\" must match the pattern ^(?:[a-z]+)$.")]
    [InlineData("""{"order":{"count":1,"item":"a","notes":["x","y","z"]}}""", "Argument \"order.notes\" must have 0 to 2 elements; found 3.")]
    [InlineData("""{"order":{"count":1,"item":"a","notes":["x",3]}}""", "Argument \"order.notes[1]\" must be a string; found 3.")]
    [InlineData("""{"order":{"item":"a"}}""", "Argument \"order.count\" is required.")]
    [InlineData("""{"conut":1,"order":{"more":{"coun":1},"item":"a","cuont":3},"count":1}""", "Argument \"order.count\" is required; \"cuont\" is not known, did you mean \"count\"?")]
    [InlineData("""{"oder":{"item":"a"}}""", "Argument \"order\" is required; \"oder\" is not known, did you mean \"order\"?")]
    [InlineData("""{"order":{"count":1,"item":"a"},"choice":"c"}""", "Argument \"choice\" must be one of a, b.")]
    [InlineData("""{"order":{"count":1,"item":"a"},"mail":"nobody"}""", "Argument \"mail\" must match the pattern")]
    [InlineData("""{"order":{"count":1,"item":"a"},"number":3}""", "Argument \"number\" must be none of 3.")]
    [InlineData("""{"order":7}""", "Argument \"order\" must be an object; found 7.")]
    public async Task Value_outside_the_bounds_is_refused_with_its_place(string arguments, string message) =>
        Assert.StartsWith(message, await Server.RefusalAsync("take", arguments), StringComparison.Ordinal);

    [Fact]
    public void Schema_has_the_bounds() => Assert.Equal(
        """{"type":"object","properties":{"order":{"type":"object","properties":{"count":{"type":"integer","minimum":1,"maximum":10},"item":{"type":"string","pattern":"^(?:[a-z]+)$"},"notes":{"type":["array","null"],"items":{"type":"string"},"maxItems":2,"default":null}},"required":["count","item"]},"choice":{"type":"string","enum":["a","b"],"default":"a"},"mail":{"type":["string","null"],"format":"email","default":null},"number":{"type":"integer","not":{"enum":[3]},"default":1},"more":{"type":"array","items":{"type":"integer"},"default":[]}},"required":["order"]}""",
        Server.Schema("take"));

    [Fact]
    public async Task Call_of_a_batch_is_answered()
    {
        Assert.Equal("""{"type":"object","properties":{"count":{"type":"integer","minimum":1,"maximum":10},"item":{"type":"string","pattern":"^(?:[a-z]+)$"},"notes":{"type":["array","null"],"items":{"type":"string"},"maxItems":2,"default":null}},"required":["count","item"]}""", Server.Schema("batched"));
        Assert.Equal(8, Server.Server.Tools.Single(static tool => tool.Name == "batched").Batch!.Max);
        Assert.Equal("ok", await Server.TextAsync("batched", """{"count":1,"item":"ok"}"""));
        Assert.Equal("Bad item.", await Server.RefusalAsync("batched", """{"count":1,"item":"bad"}"""));
        Assert.Contains("did not answer", await Server.RefusalAsync("batched", """{"count":1,"item":"forgotten"}"""), StringComparison.Ordinal);
        Assert.StartsWith("Argument \"count\" must be an integer from 1 to 10; found 0.", await Server.RefusalAsync("batched", """{"count":0,"item":"ok"}"""), StringComparison.Ordinal);
    }
}
