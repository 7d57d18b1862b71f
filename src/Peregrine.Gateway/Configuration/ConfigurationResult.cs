using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Gateway.Configuration;

/// <summary>What came of reading a configuration file: the configuration, or every error in it.</summary>
public sealed record ConfigurationResult
{
    /// <summary>The configuration; null where there are errors.</summary>
    public GatewayConfiguration? Configuration { get; init; }

    /// <summary>Every error, in the order of the file. Empty where the file is valid.</summary>
    public ImmutableArray<ConfigurationProblem> Errors { get; init; } = [];

    /// <summary>What is allowed but worth knowing, in the order of the file: members that are ignored, for example.</summary>
    public ImmutableArray<ConfigurationProblem> Warnings { get; init; } = [];

    /// <summary>True where there is a configuration.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;
}
