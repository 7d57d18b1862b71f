namespace Peregrine.JsonSchema;

/// <summary>The output formats of draft 2020-12 (core, section 12.4) that a result can be written in.</summary>
public enum OutputFormat
{
    /// <summary>Valid or not.</summary>
    Flag,

    /// <summary>A flat list of errors.</summary>
    Basic,

    /// <summary>Errors in the shape of the schema: those of alternatives below the keyword that combines them.</summary>
    Detailed,
}
