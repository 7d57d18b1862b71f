using Peregrine.Bench.Peers.Scoreboard;

namespace Peregrine.Architecture.Tests.Documents;

public sealed class ScoreboardTests
{
    [Fact]
    public void Tables_of_figures_are_those_that_the_results_give()
    {
        foreach (string document in ScoreboardDocument.All)
        {
            string text = RepositoryFiles.Read(document.Replace('\\', '/'));
            Assert.Contains("<!-- scoreboard: ", text, StringComparison.Ordinal);
            Assert.True(text == ScoreboardDocument.Fill(text, RepositoryFiles.Root), $"{document} differs from its results: dotnet run -c Release --project bench/Peregrine.Bench.Peers -- --scoreboard");
        }
    }

    [Fact]
    public void A_figure_that_was_changed_by_hand_is_found()
    {
        string text = ScoreboardDocument.Fill("a\n<!-- scoreboard: bench/results/peers.json summary -->\n<!-- /scoreboard -->\nb\n", RepositoryFiles.Root);
        Assert.Contains("| HTTP, 32 connections | ", text, StringComparison.Ordinal);
        Assert.Equal(text, ScoreboardDocument.Fill(text.Replace("| HTTP, 32 connections | ", "| HTTP, 32 connections | 9", StringComparison.Ordinal), RepositoryFiles.Root));
    }

    [Theory]
    [InlineData("<!-- scoreboard: bench/results/peers.json summary -->\n")]
    [InlineData("<!-- scoreboard: bench/results/peers.json -->\n<!-- /scoreboard -->")]
    [InlineData("<!-- scoreboard: bench/results/peers.json other -->\n<!-- /scoreboard -->")]
    public void A_marker_that_is_wrong_is_refused(string text) => Assert.Throws<FormatException>(() => ScoreboardDocument.Fill(text, RepositoryFiles.Root));
}
