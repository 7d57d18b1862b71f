using Peregrine.Execution.Balancing;
using Peregrine.Gateway.Configuration;

namespace Peregrine.Gateway.Balancing;

/// <summary>The members that balancing may have in a configuration file, and what is read from them.</summary>
internal static class BalancingMembers
{
    private static readonly string[] Strategies = ["round-robin", "weighted", "least-requests", "power-of-two", "consistent-hash"];

    internal static MemberRule[] Member { get; } =
    [
        new("url", MemberKind.Text, "The endpoint of a member of a server with \"url\"; http or https.") { Pattern = "^([Hh][Tt][Tt][Pp][Ss]?://|.*\\$\\{)" },
        new("command", MemberKind.Text, "The program of a member of a server with \"command\". Default: that of the server."),
        new("args", MemberKind.TextList, "The program's arguments. Default: those of the server.") { IsSecret = true },
        new("weight", MemberKind.Integer, "How much of the work it gets in proportion to the others. Default: 1.") { Minimum = 1, Maximum = 1000 },
    ];

    internal static MemberRule[] Balance { get; } =
    [
        new("strategy", MemberKind.Text, "How the member of each call is chosen. Default: \"power-of-two\", the one with fewer calls in flight of two taken at random.") { Allowed = Strategies },
        new("hashBy", MemberKind.Text, "What \"consistent-hash\" goes by: \"client\", or \"call\", which is the tool and its arguments. Default: \"client\".") { Allowed = ["client", "call"] },
        new("weight", MemberKind.Integer, "The weight of the server's own entry, which is the first member. Default: 1.") { Minimum = 1, Maximum = 1000 },
        new("failuresToEject", MemberKind.Integer, "How many failures in a row take a member out of use. Default: 3.") { Minimum = 1, Maximum = 1000 },
        new("ejectionSeconds", MemberKind.Number, "How long it stays out the first time; each further time in a row doubles it. Default: 1.") { Minimum = 0.001, Maximum = 3600 },
        new("maxEjectionSeconds", MemberKind.Number, "The longest it stays out at a time. Default: 30.") { Minimum = 0.001, Maximum = 3600 },
        new("probeSeconds", MemberKind.Number, "How often each member is asked for a sign of life; 0 for never. Default: 10.") { Maximum = 3600 },
        new("probeTimeoutSeconds", MemberKind.Number, "How long a sign of life may take. Default: 5.") { Minimum = 0.001, Maximum = 600 },
    ];

    /// <summary>What the JSON schema calls each table.</summary>
    internal static (string Name, MemberRule[] Rules)[] Definitions { get; } = [("member", Member), ("balance", Balance)];

    /// <summary>Reads <c>balance</c>.</summary>
    /// <param name="balance">The member, held against its table.</param>
    /// <param name="path">Where it stands, for sentences.</param>
    /// <param name="problems">Gets what is wrong.</param>
    internal static BalancingOptions Read(ConfigObject balance, string path, ProblemList problems)
    {
        var defaults = new BalancingOptions();
        var first = balance.Seconds("ejectionSeconds") ?? defaults.Health.EjectionTime;
        var longest = balance.Seconds("maxEjectionSeconds") ?? (first > defaults.Health.MaxEjectionTime ? first : defaults.Health.MaxEjectionTime);
        if (longest < first)
        {
            problems.Error(balance.Find("maxEjectionSeconds")!.Value.Position, $"\"{path}.maxEjectionSeconds\" is {longest.TotalSeconds:0.###}, less than ejectionSeconds, which is {first.TotalSeconds:0.###}.",
                $"Write {first.TotalSeconds:0.###} or more.");
        }

        return new BalancingOptions
        {
            Strategy = balance.Text("strategy") is { } strategy ? (BalancingStrategy)Array.IndexOf(Strategies, strategy) : defaults.Strategy,
            HashBy = balance.Text("hashBy") == "call" ? BalancingKey.Call : BalancingKey.Client,
            Weight = (int?)balance.Number("weight") ?? defaults.Weight,
            Health = new HealthOptions
            {
                FailuresToEject = (int?)balance.Number("failuresToEject") ?? defaults.Health.FailuresToEject,
                EjectionTime = first,
                MaxEjectionTime = longest < first ? first : longest,
            },
            ProbeInterval = balance.Seconds("probeSeconds") ?? defaults.ProbeInterval,
            ProbeTimeout = balance.Seconds("probeTimeoutSeconds") ?? defaults.ProbeTimeout,
        };
    }
}
