using System.Collections.Immutable;
using Peregrine.Execution.Resilience;
using Peregrine.Gateway.Balancing;
using Peregrine.Protocol.Versions;

namespace Peregrine.Gateway.Configuration;

/// <summary>An MCP server behind the gateway. Immutable.</summary>
public abstract record UpstreamConfiguration
{
    /// <summary>The name it has in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What its tools' names begin with, before an underscore: the tool <c>search</c> of prefix <c>docs</c> is listed as <c>docs_search</c>. Empty for
    /// none. Characters of A-Z, a-z, 0-9, <c>_</c>, <c>-</c> and <c>.</c>, 64 at most.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>A call not answered in this time ends with error 4002 and is cancelled upstream. More than zero.</summary>
    /// <value>60 seconds.</value>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long connecting and listing tools may take before it is tried again. More than zero.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The era to speak with the server; null finds out, and prefers the stateless one where it speaks both.</summary>
    public ProtocolEra? Era { get; init; }

    /// <summary>How many calls to this server may be in flight at once, 1 or more; beyond it calls are refused with error 4001.</summary>
    /// <value>1,000.</value>
    public int MaxConcurrentCalls { get; init; } = 1000;

    /// <summary>The tools to offer, by their own names; null offers all.</summary>
    public ImmutableArray<string>? Tools { get; init; }

    /// <summary>What clients call single tools and prompts by, by their own names; a name given here gets no prefix.</summary>
    public ImmutableSortedDictionary<string, string> Renames { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Tools, prompts and resources that are not offered, by their own names or URIs; a star at the end stands for anything.</summary>
    public ImmutableArray<string> Hidden { get; init; } = [];

    /// <summary>Further places where this server is: calls are shared among them and the server's own entry. 63 at most.</summary>
    public ImmutableArray<UpstreamMember> Members { get; init; } = [];

    /// <summary>How calls are shared among the members.</summary>
    public BalancingOptions Balancing { get; init; } = new();

    /// <summary>What becomes of a tool whose definition has changed since it was first seen.</summary>
    /// <value><see cref="PinningMode.Warn"/></value>
    public PinningMode Pinning { get; init; } = PinningMode.Warn;

    /// <summary>Adds what is not valid to <paramref name="faults"/>.</summary>
    /// <param name="faults">Takes a sentence for each fault.</param>
    /// <param name="name">What the server is called where it is used.</param>
    public void Validate(ICollection<string> faults, string name)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (string.IsNullOrWhiteSpace(Name))
        {
            faults.Add($"{name}.{nameof(Name)} is empty.");
        }

        if (!PrefixRules.IsValid(Prefix))
        {
            faults.Add($"{name}.{nameof(Prefix)} is \"{Prefix}\": it may have at most {PrefixRules.MaxLength} characters of A-Z, a-z, 0-9, _, - and .");
        }

        OptionRange.Check(faults, CallTimeout, TimeSpan.FromTicks(1), TimeSpan.FromDays(1), $"{name}.{nameof(CallTimeout)}");
        OptionRange.Check(faults, StartTimeout, TimeSpan.FromTicks(1), TimeSpan.FromDays(1), $"{name}.{nameof(StartTimeout)}");
        OptionRange.Check(faults, MaxConcurrentCalls, 1, 1_000_000, $"{name}.{nameof(MaxConcurrentCalls)}");
        OptionRange.Check(faults, Members.Length, 0, 63, $"{name}.{nameof(Members)}.Length");
        foreach (var member in Members)
        {
            OptionRange.Check(faults, member.Weight, 1, 1000, $"{name}.{nameof(Members)}[{member.Name}].{nameof(member.Weight)}");
            if (member.Server.GetType() != GetType() || !member.Server.Members.IsEmpty)
            {
                faults.Add($"{name}.{nameof(Members)}[{member.Name}] must be reached as the server is, and have no members of its own.");
            }

            member.Server.ValidateOwn(faults, $"{name}.{nameof(Members)}[{member.Name}].{nameof(member.Server)}");
        }

        foreach (var repeated in GatewayConfiguration.Repeated([Name, .. Members.Select(static member => member.Name)]))
        {
            faults.Add($"{name}.{nameof(Members)} has several places named \"{repeated}\", the server's own included.");
        }

        Balancing.Validate(faults, $"{name}.{nameof(Balancing)}");
        ValidateOwn(faults, name);
    }

    private protected virtual void ValidateOwn(ICollection<string> faults, string name)
    {
    }
}
