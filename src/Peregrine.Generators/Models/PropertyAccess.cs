namespace Peregrine.Generators.Models;

/// <summary>How a property is set.</summary>
internal enum PropertyAccess
{
    /// <summary>Not at all: it is only written.</summary>
    None,
    Constructor,

    /// <summary>Where the object is made, because the language demands it.</summary>
    Initializer,
    Setter,

    /// <summary>By its init accessor, after the object is made and only where it is given: so a default of the class stays.</summary>
    Accessor,
}
