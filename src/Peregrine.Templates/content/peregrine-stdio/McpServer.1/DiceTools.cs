using Peregrine.Server.Tools;

namespace McpServer._1;

/// <summary>The tools of this server. Each public method marked as a tool is one; its comment is what models read.</summary>
[McpTools]
public sealed class DiceTools
{
    /// <summary>Rolls dice.</summary>
    /// <param name="dice">How many, 1 to 100.</param>
    /// <param name="sides">How many sides each has, 2 to 1000.</param>
    [McpTool]
    public static string RollDice(int dice, int sides = 6)
    {
        if (dice is < 1 or > 100 || sides is < 2 or > 1000)
        {
            throw new McpToolException("Roll 1 to 100 dice with 2 to 1000 sides each.");
        }

        return string.Join(", ", Enumerable.Range(0, dice).Select(_ => Random.Shared.Next(1, sides + 1)));
    }
}
