namespace Peregrine.Server.Validation;

/// <summary>Whether the structured results of tools are held against their output schemas.</summary>
public enum McpResultCheck
{
    /// <summary>Where the environment variable <c>DOTNET_ENVIRONMENT</c>, or else <c>ASPNETCORE_ENVIRONMENT</c>, is <c>Development</c>.</summary>
    InDevelopment,

    /// <summary>Never, until it is switched on (<see cref="McpValidation.ChecksResults"/>).</summary>
    OnDemand,

    /// <summary>Always.</summary>
    Always,
}
