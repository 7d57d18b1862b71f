namespace Peregrine.Architecture.Tests.Tunables;

/// <summary>One option of the product, as its source documents it.</summary>
/// <param name="Record">The options' record.</param>
/// <param name="File">Where it is.</param>
/// <param name="Name">The property.</param>
/// <param name="Type">Its type.</param>
/// <param name="Meaning">What it does, with unit and range.</param>
/// <param name="Default">Its default in words; empty where it is not said.</param>
internal sealed record Tunable(string Record, string File, string Name, string Type, string Meaning, string Default);
