using Peregrine.Bench.Micro.Ratios;
using Peregrine.Server;
using Peregrine.Server.Tools;
using Peregrine.Server.Validation;

namespace Peregrine.Bench.Micro.Server;

/// <summary>
/// What checking arguments costs a call: a generated tool, whose binder checks while it reads, and one written by hand, which its schema checks before it runs, each beside the same server with
/// <see cref="McpValidationOptions.CheckArguments"/> off.
/// </summary>
internal static class ValidationRatios
{
    private static readonly McpToolDefinition Definition = new()
    {
        Name = "echo",
        Description = "Returns the message.",
        InputSchema = """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}"""u8.ToArray(),
    };

    public static IEnumerable<RatioCase> Cases =>
    [
        new RatioCase($"validated call of a generated tool x{StdioCalls.Count}", 0,
        [
            StdioCalls.Of("checked", static builder => builder.AddTools(new EchoTools())),
            StdioCalls.Of("unchecked", static builder => Unchecked(builder.AddTools(new EchoTools()))),
        ]),
        new RatioCase($"validated call of a tool written by hand x{StdioCalls.Count}", 0,
        [
            StdioCalls.Of("checked", static builder => builder.AddTool(Definition, Echo)),
            StdioCalls.Of("unchecked", static builder => Unchecked(builder.AddTool(Definition, Echo))),
        ]),
    ];

    private static PeregrineServerBuilder Unchecked(PeregrineServerBuilder builder) =>
        builder.Configure(static options => options with { Validation = options.Validation with { CheckArguments = false, CheckResults = McpResultCheck.OnDemand } });

    private static ValueTask Echo(McpCall call)
    {
        call.ReturnText("hello, peregrine");
        return default;
    }
}
