namespace Peregrine.Generators.Models;

/// <summary>Where a parameter's value comes from.</summary>
internal enum ParameterSource
{
    /// <summary>From the call's arguments.</summary>
    Argument,
    CancellationToken,

    /// <summary>From the services.</summary>
    Service,
    Call,
    Progress,

    /// <summary>As progress, of the official SDK's type.</summary>
    OfficialProgress,

    /// <summary>What is asked of a resource.</summary>
    Request,

    /// <summary>Calls that are answered together.</summary>
    Batch,
}
