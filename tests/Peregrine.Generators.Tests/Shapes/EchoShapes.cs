using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Shapes;

/// <summary>A tool for each type that gives back what it is given.</summary>
[McpTools]
public sealed class EchoShapes
{
    [McpTool(Name = nameof(Scalars))] public static Scalars Echo(Scalars value) => value;
    [McpTool(Name = nameof(Nullables))] public static Nullables Echo(Nullables value) => value;
    [McpTool(Name = nameof(Optional))] public static Optional Echo(Optional value) => value;
    [McpTool(Name = nameof(Settable))] public static Settable Echo(Settable value) => value;
    [McpTool(Name = nameof(Point))] public static Point Echo(Point value) => value;
    [McpTool(Name = nameof(Pair))] public static Pair Echo(Pair value) => value;
    [McpTool(Name = nameof(Mutable))] public static Mutable Echo(Mutable value) => value;
    [McpTool(Name = nameof(Child))] public static Child Echo(Child value) => value;
    [McpTool(Name = nameof(Attributed))] public static Attributed Echo(Attributed value) => value;
    [McpTool(Name = nameof(Strict))] public static Strict Echo(Strict value) => value;
    [McpTool(Name = nameof(Collections))] public static Collections Echo(Collections value) => value;
    [McpTool(Name = nameof(Node))] public static Node Echo(Node value) => value;
    [McpTool(Name = "Page")] public static Page<Pair> Echo(Page<Pair> value) => value;
    [McpTool(Name = nameof(Figures))] public static Figures Echo(Figures value) => value;
    [McpTool(Name = nameof(Json))] public static Json Echo(Json value) => value;
    [McpTool(Name = nameof(Bill))] public static async Task<Bill> Echo(Bill value)
    {
        await Task.Yield();
        return value;
    }
}
