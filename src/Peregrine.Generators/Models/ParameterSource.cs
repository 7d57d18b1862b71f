namespace Peregrine.Generators.Models;

/// <summary>Where a parameter's value comes from.</summary>
internal enum ParameterSource
{
    /// <summary>From the call's arguments.</summary>
    Argument,
    CancellationToken,
    Call,
    Progress,
}
