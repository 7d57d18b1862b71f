using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.Server.Tools;

namespace Peregrine.Generators.Tests.Shapes;

/// <summary>What generated code leaves to System.Text.Json: for its extension data.</summary>
[Description("A node and those below it.")]
public sealed class Tree
{
    [Description("What it is called.")]
    public required string Name { get; init; }

    public List<Tree> Children { get; init; } = [];

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

/// <summary>Other people's types among its parts.</summary>
public sealed record Chart(Version Since, Tree? Root, Queue<int> Numbers, Dictionary<int, string> Names, System.Drawing.Point Place, System.Drawing.Point? Other, AttributeTargets Flags, Money Price);

[McpTools]
public static class ForeignTools
{
    [McpTool] public static Chart Draw(Chart chart) => chart;

    [McpTool] public static string Plant([Description("Where to begin.")] Tree tree, Tree? other = null) => tree.Name + other?.Name;

    [McpTool] public static Tree Root() => new() { Name = "root", Children = [new() { Name = "leaf" }] };

    [McpTool] public static Tree? Perhaps() => null;

    [McpTool] public static Version Latest() => new(1, 2);

    [McpTool] public static Dictionary<string, Tree> Forest() => new() { ["a/b"] = Root() };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Tree))]
[JsonSerializable(typeof(Queue<int>))]
[JsonSerializable(typeof(Dictionary<int, string>))]
[JsonSerializable(typeof(System.Drawing.Point))]
[JsonSerializable(typeof(AttributeTargets))]
internal sealed partial class ForeignContext : JsonSerializerContext;
