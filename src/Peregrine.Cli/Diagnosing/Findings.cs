namespace Peregrine.Cli.Diagnosing;

/// <summary>Runs checks one after the other and keeps what they came to. A check that throws has failed; the next one runs all the same.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];

    internal IReadOnlyList<Finding> All => _all;

    /// <summary>Runs a check.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="section">Where the specification says it.</param>
    /// <param name="title">What is checked.</param>
    /// <param name="check">Gives the verdict, and what was found.</param>
    internal async Task AddAsync(string id, string section, string title, Func<Task<(Verdict Verdict, string Detail)>> check)
    {
        Finding finding;
        try
        {
            var (verdict, detail) = await check().ConfigureAwait(false);
            finding = new Finding(id, section, title, verdict, detail);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            finding = new Finding(id, section, title, Verdict.Fail, exception.Message);
        }

        _all.Add(finding);
    }

    internal static (Verdict Verdict, string Detail) Pass => (Verdict.Pass, "");

    internal static (Verdict Verdict, string Detail) Must(bool holds, string otherwise) => holds ? Pass : (Verdict.Fail, otherwise);

    internal static (Verdict Verdict, string Detail) Should(bool holds, string otherwise) => holds ? Pass : (Verdict.Warn, otherwise);

    internal static (Verdict Verdict, string Detail) Skip(string why) => (Verdict.Skip, why);
}
