using System.Text;
using Peregrine.Client.Contracts;

namespace Peregrine.Testing.Contracts;

/// <summary>Says where two contracts begin to differ.</summary>
internal static class ContractDifference
{
    /// <returns>Null where they are the same, whatever their line ends.</returns>
    internal static string? Describe(string wanted, string found)
    {
        var (left, right) = (Lines(wanted), Lines(found));
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            var (before, now) = (i < left.Length ? left[i] : null, i < right.Length ? right[i] : null);
            if (before != now)
            {
                return $"Line {i + 1}: {Quote(before)} is in the file, {Quote(now)} in the server.";
            }
        }

        return null;
    }

    /// <summary>What the changes mean for those who call the server.</summary>
    /// <returns>A line for each change; empty where the file is no contract.</returns>
    internal static string Judge(string wanted, string found)
    {
        try
        {
            var comparison = ContractComparer.Compare(ServerContract.Parse(Encoding.UTF8.GetBytes(wanted)), ServerContract.Parse(Encoding.UTF8.GetBytes(found)));
            return string.Concat(comparison.Changes.Select(static change => $"\n- {change}")) + (comparison.Changes.Count == 0 ? "" : "\n");
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static string Quote(string? line) => line is null ? "nothing" : $"`{line.Trim()}`";
}
