using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Matrix;

/// <summary>One tool for each way to return. Those with a gate end when the test opens it.</summary>
[McpTools]
public sealed class ReturnTools(Task gate)
{
    internal int Calls { get; private set; }

    [McpTool] public void Void() => Calls++;
    [McpTool] public string? Null() => null;
    [McpTool] public Task<string?> TaskOfNull() => Task.FromResult<string?>(null);
    [McpTool] public Task TaskNow() => Task.CompletedTask;
    [McpTool] public ValueTask ValueTaskNow() => default;
    [McpTool] public Task<int> TaskOfIntNow() => Task.FromResult(1);
    [McpTool] public ValueTask<int> ValueTaskOfIntNow() => new(2);

    [McpTool]
    public async Task TaskLaterAsync()
    {
        await gate;
        Calls++;
    }

    [McpTool]
    public async ValueTask ValueTaskLaterAsync()
    {
        await gate;
        Calls++;
    }

    [McpTool]
    public async Task<string> TaskOfStringLaterAsync()
    {
        await gate;
        return "later";
    }

    [McpTool]
    public async ValueTask<Unit?> ValueTaskOfEnumLaterAsync()
    {
        await gate;
        return Unit.Kelvin;
    }

    [McpTool]
    public async Task<DateOnly> TaskThatFailsLater()
    {
        await gate;
        throw new McpToolException("Failed later.");
    }

    [McpTool] public Task TaskThatFailed() => Task.FromException(new McpToolException("Failed at once."));
    [McpTool] public Unit UnnamedEnum() => (Unit)99;
    [McpTool] public bool? NullableBool() => null;
    [McpTool] public char? NullableChar() => 'x';
    [McpTool] public DateTime? NullableDate() => null;
    [McpTool] public TimeOnly? NullableTime() => new TimeOnly(9, 30);
    [McpTool] public void Written(McpCall call) => call.ReturnText("by hand");
}
