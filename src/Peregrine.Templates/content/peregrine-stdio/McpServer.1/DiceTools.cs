using System.ComponentModel.DataAnnotations;
using Peregrine.Server.Tools;

namespace McpServer._1;

/// <summary>The tools of this server: each method marked [McpTool] is one. Its comment is what models read, its parameters are the arguments.</summary>
[McpTools]
public sealed class DiceTools
{
    /// <summary>Rolls dice.</summary>
    /// <param name="dice">How many.</param>
    /// <param name="sides">How many sides each has.</param>
    [McpTool]
    public static string RollDice([Range(1, 100)] int dice, [Range(2, 1000)] int sides = 6) =>
        string.Join(", ", Enumerable.Range(0, dice).Select(_ => Random.Shared.Next(1, sides + 1)));
}
