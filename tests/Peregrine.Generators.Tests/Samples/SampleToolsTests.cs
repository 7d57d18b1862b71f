using Peregrine.Cli.Serving;
using Peregrine.Generators.Tests.Serving;
using Peregrine.Server;

namespace Peregrine.Generators.Tests.Samples;

public sealed class SampleToolsTests
{
    // As the sample server is described: with room for the longest text that can be asked for.
    private static readonly ToolServer Server = ToolServer.Of(PeregrineServer.CreateBuilder("test", "1.0").AddTools<SampleTools>()
        .Configure(static options => options with { Memory = options.Memory with { MaxStreamBytes = 64 * 1024 * 1024 } }).Build());

    [Fact]
    public void All_sample_tools_are_there() =>
        Assert.Equal(["add", "block", "echo", "fail", "fibonacci", "generate", "sleep", "stream"], Server.Names.Order());

    [Theory]
    [InlineData("echo", """{"message":"Gr\u00fc\u00dfe \ud83e\udd85 \"x\""}""", "Grüße 🦅 \"x\"")]
    [InlineData("echo", """{"message":""}""", "")]
    [InlineData("add", """{"a":1.5,"b":2}""", "3.5")]
    [InlineData("fibonacci", """{"n":0}""", "0")]
    [InlineData("fibonacci", """{"n":10}""", "55")]
    [InlineData("fibonacci", """{"n":92}""", "7540113804746346429")]
    [InlineData("sleep", """{"ms":1}""", "slept 1 ms")]
    [InlineData("sleep", """{"ms":0}""", "slept 0 ms")]
    [InlineData("block", """{"ms":1}""", "blocked for 1 ms")]
    [InlineData("generate", """{"bytes":28}""", "xxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("stream", """{"count":0}""", "sent 0 notifications")]
    public async Task Sample_tool_answers(string tool, string arguments, string text) => Assert.Equal(text, await Server.TextAsync(tool, arguments));

    [Theory]
    [InlineData("fibonacci", """{"n":93}""", "Argument \"n\" must be an integer from 0 to 92; found 93.")]
    [InlineData("generate", """{"bytes":16777217}""", "Argument \"bytes\" must be an integer from 0 to 16777216; found 16777217.")]
    [InlineData("echo", "{}", "Argument \"message\" is required.")]
    [InlineData("fail", "{}", "This tool always fails.")]
    [InlineData("fail", """{"x":1}""", "This tool takes no arguments.")]
    public async Task Sample_tool_refuses(string tool, string arguments, string text) => Assert.Equal(text, await Server.RefusalAsync(tool, arguments));

    [Fact]
    public async Task Stream_sends_as_many_notifications_as_asked()
    {
        var reply = await Server.CallAsync("stream", """{"count":3}""");
        Assert.Equal("sent 3 notifications", reply.Text);
        Assert.Equal(3, reply.Notifications.Count);
        Assert.Contains("\"progress\":3,\"total\":3,\"message\":\"3 of 3\"", reply.Notifications[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Largest_text_is_generated() =>
        Assert.Equal(16 * 1024 * 1024, (await Server.TextAsync("generate", """{"bytes":16777216}"""))!.Length);

    [Theory]
    [InlineData("sleep")]
    [InlineData("block")]
    public async Task Waiting_ends_when_the_call_is_cancelled(string tool)
    {
        // An hour: the test ends only if the cancellation reaches the tool.
        using var exchange = ToolServer.Message(tool, """{"ms":3600000}""");
        var running = Server.Server.RespondAsync(exchange);
        Assert.False(running.IsCompleted);
        exchange.Cancel();
        await running;
        Assert.True(exchange.IsCancelled);
    }
}
