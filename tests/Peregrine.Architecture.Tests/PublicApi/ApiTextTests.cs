namespace Peregrine.Architecture.Tests.PublicApi;

/// <summary>Shows that the text of a public surface tells every difference a user would notice.</summary>
public sealed class ApiTextTests
{
    [Theory]
    [InlineData("sealed class A<T> where T : class, new() { }", "sealed class A<T> where T : class, new()")]
    [InlineData("abstract class A : System.IDisposable { public abstract void Dispose(); }", "abstract class A : IDisposable", "abstract void Dispose()")]
    [InlineData("static class A { public static int Twice(this int x) => x; }", "static class A", "static int Twice(this int x)")]
    [InlineData("readonly ref struct A { public readonly System.ReadOnlySpan<byte> Bytes; }", "readonly ref struct A", "readonly ReadOnlySpan<byte> Bytes")]
    [InlineData("sealed record A(int X) { public required string? Y { get; init; } }", "sealed record A", "A(int X)", "int X { get; init; }", "required string? Y { get; init; }")]
    [InlineData("readonly record struct A(int X);", "readonly record struct A", "A(int X)")]
    [InlineData("enum A : byte { X = 1, Y }", "enum A : byte", "X = 1", "Y = 2")]
    [InlineData("delegate string? A<in T>(T x, out int y);", "delegate string? A<in T>(T x, out int y)")]
    [InlineData("interface A<out T> { T Get(); static abstract int P { get; } }", "interface A<out T>", "static int P { get; }", "T Get()")]
    [InlineData("sealed class A { public const string S = \"x\\\"y\"; public void M(string? a = null, System.DayOfWeek d = System.DayOfWeek.Friday, params int[] n) { } }",
        "const string S = \"x\\\"y\"", "void M(string? a = null, DayOfWeek d = DayOfWeek.Friday, params int[] n)")]
    [InlineData("abstract class A { protected virtual void M() { } private protected void N() { } internal void O() { } public int P { get; protected set; } }", "protected virtual void M()", "int P { get; protected set; }")]
    [InlineData("sealed class A { public ref readonly int M(in long x, ref int y) => ref _f; private int _f; public int? N; }", "ref readonly int M(in long x, ref int y)", "int? N")]
    [InlineData("sealed class A { public System.Collections.Generic.Dictionary<string, object?>? M() => null; }", "Dictionary<string, object?>? M()")]
    [InlineData("sealed class A { public event System.EventHandler? E { add { } remove { } } public int this[string key] => 0; }", "event EventHandler E", "int this[string key] { get; }")]
    [InlineData("sealed class A { public sealed class B { public enum C { X } } }", "sealed class A.B", "enum B.C : int")]
    [InlineData("sealed class A { public static A operator +(A x, A y) => x; [System.Obsolete] public void M() { } }", "static N.A op_Addition(N.A x, N.A y)", "[Obsolete] void M()")]
    public void Public_member_is_written(string source, params string[] expected)
    {
        string[] lines = [.. Text(source).Split('\n').Select(l => l.Trim())];
        Assert.All(expected, line => Assert.Contains(line, lines));
    }

    [Fact]
    public void Internal_types_and_members_are_not_written()
    {
        string text = Text("sealed class A { internal A() { } private int _x; internal void M() { } }");
        Assert.Equal("namespace N\n\nsealed class A\n\n", text);
    }

    [Fact]
    public void Text_is_sorted() =>
        Assert.Equal(
            "namespace N\n\nsealed class A\n    A()\n    void B()\n    void C()\n\nsealed class D\n    D()\n\n",
            ApiText.Of(CompiledSample.Load("namespace N; public sealed class D { } public sealed class A { public void C() { } public void B() { } }").GetExportedTypes()));

    private static string Text(string source) => ApiText.Of(CompiledSample.Load("namespace N; #nullable enable\npublic ".Replace("; #", ";\n#", StringComparison.Ordinal) + source).GetExportedTypes());
}
