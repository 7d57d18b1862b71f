namespace Peregrine.Server.Registry;

/// <summary>Which lists a change of the registry touches.</summary>
[Flags]
internal enum RegistryChange
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>tools/list</c></summary>
    Tools = 1,

    /// <summary><c>prompts/list</c></summary>
    Prompts = 2,

    /// <summary><c>resources/list</c> and <c>resources/templates/list</c></summary>
    Resources = 4,
}
