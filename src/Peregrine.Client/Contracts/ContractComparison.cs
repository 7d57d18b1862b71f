namespace Peregrine.Client.Contracts;

/// <summary>How two contracts of one server relate. Immutable.</summary>
public sealed class ContractComparison
{
    internal ContractComparison(IReadOnlyList<ContractChange> changes)
    {
        Changes = changes;
        Verdict = changes.Count == 0 ? ContractVerdict.Same : changes.Max(static change => change.Verdict);
    }

    /// <summary>The gravest verdict of all changes; <see cref="ContractVerdict.Same"/> where there are none.</summary>
    public ContractVerdict Verdict { get; }

    /// <summary>The changes, by tool.</summary>
    public IReadOnlyList<ContractChange> Changes { get; }
}
