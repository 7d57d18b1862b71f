using Peregrine.Generators.Tests.Serving;

namespace Peregrine.Generators.Tests.Matrix;

public sealed class ReturnTests
{
    [Theory]
    [InlineData("void", null)]
    [InlineData("null", null)]
    [InlineData("task_of_null", null)]
    [InlineData("task_now", null)]
    [InlineData("value_task_now", null)]
    [InlineData("task_of_int_now", "1")]
    [InlineData("value_task_of_int_now", "2")]
    [InlineData("unnamed_enum", "99")]
    [InlineData("nullable_bool", null)]
    [InlineData("nullable_char", "x")]
    [InlineData("nullable_date", null)]
    [InlineData("nullable_time", "09:30:00")]
    [InlineData("written", "by hand")]
    public async Task Result_of_a_synchronous_end_is_returned(string tool, string? text)
    {
        var server = ToolServer.Of(new ReturnTools(Task.CompletedTask));
        using var exchange = ToolServer.Message(tool, "{}");
        Assert.True(server.Server.RespondAsync(exchange).AsTask().IsCompletedSuccessfully);
        Assert.Equal(text, await server.TextAsync(tool));
    }

    [Theory]
    [InlineData("task_later", null)]
    [InlineData("value_task_later", null)]
    [InlineData("task_of_string_later", "later")]
    [InlineData("value_task_of_enum_later", "absolute scale")]
    public async Task Result_of_an_asynchronous_end_is_returned(string tool, string? text)
    {
        var gate = new TaskCompletionSource();
        var server = ToolServer.Of(new ReturnTools(gate.Task));
        var running = server.CallAsync(tool);
        Assert.False(running.IsCompleted);
        gate.SetResult();
        var reply = await running;
        Assert.False(reply.IsError);
        Assert.Equal(text, reply.Text);
    }

    [Theory]
    [InlineData("task_that_failed", "Failed at once.")]
    [InlineData("task_that_fails_later", "Failed later.")]
    public async Task Failure_is_returned(string tool, string text)
    {
        var gate = new TaskCompletionSource();
        var running = ToolServer.Of(new ReturnTools(gate.Task)).RefusalAsync(tool, "{}");
        gate.SetResult();
        Assert.Equal(text, await running);
    }

    [Fact]
    public async Task The_given_instance_is_called()
    {
        var tools = new ReturnTools(Task.CompletedTask);
        var server = ToolServer.Of(tools);
        await server.TextAsync("void");
        await server.TextAsync("task_later");
        Assert.Equal(2, tools.Calls);
    }

    [Theory]
    [InlineData("value_task_of_int_now")]
    [InlineData("void")]
    [InlineData("nullable_time")]
    public void Call_that_ends_at_once_allocates_nothing(string tool)
    {
        var server = ToolServer.Of(new ReturnTools(Task.CompletedTask)).Server;
        using var exchange = ToolServer.Message(tool, "{}");
        var least = long.MaxValue;

        // The first rounds compile and grow buffers; what stays is what a call costs.
        for (var i = 0; i < 50; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(server.RespondAsync(exchange).AsTask().IsCompletedSuccessfully);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }
}
