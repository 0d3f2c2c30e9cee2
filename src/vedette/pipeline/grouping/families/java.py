"""Java, Kotlin, Scala and other languages of the JVM: generated classes and numbered lambdas."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family, matches_any
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_PROXIES: Final = (
    "$$EnhancerBy", "$$FastClassBy", "$$SpringCGLIB$$", "$$KeyFactoryBy", "$ByteBuddy$",
    "_$$_jvst", "_$$_javassist", "HibernateProxy$", "$MockitoMock$", "$$Lambda",
    "_$$_WeldClientProxy", "_ClientProxy", "GeneratedMethodAccessor",
    "GeneratedConstructorAccessor", "GeneratedSerializationConstructorAccessor", "$auxiliary$",
)  # fmt: skip
_DYNAMIC_PROXY: Final = re.compile(r"(?:^|\.)\$Proxy\d+$")
_NUMBER: Final = re.compile(r"\$\d+")
_CLOJURE: Final = re.compile(r"__\d+")
_LAMBDA: Final = re.compile(r"\$\d+$")


def _stable_names(frame: SentFrame) -> StableNames:
    module, function = frame.module, frame.function
    if matches_any(module, _PROXIES) or _DYNAMIC_PROXY.search(module):
        return StableNames(module, function=function, ignored="a generated class")
    stable_module = _CLOJURE.sub("", _NUMBER.sub("$", module))
    stable_function = _LAMBDA.sub("", function)
    return StableNames(
        module=stable_module,
        filename=base_name(frame.path),
        function=stable_function,
        module_hint="without the number of the class" if stable_module != module else "",
        function_hint="without the number of the lambda" if stable_function != function else "",
    )


FAMILY: Final = Family(
    name="java",
    platforms=("java", "kotlin", "scala", "groovy", "clojure"),
    rule_family="other",
    stable_names=_stable_names,
    wrappers=frozenset(
        (
            "ExecutionException",
            "CompletionException",
            "InvocationTargetException",
            "UndeclaredThrowableException",
            "ExceptionInInitializerError",
            "OnErrorNotImplementedException",
            "CompositeException",
            "UndeliverableException",
        )
    ),
    rules_if_silent="""
module:java.* -app
module:javax.* -app
module:jakarta.* -app
module:jdk.* -app
module:sun.* -app
module:com.sun.* -app
module:android.* -app
module:androidx.* -app
module:com.android.* -app
module:dalvik.* -app
module:libcore.* -app
module:kotlin.* -app
module:kotlinx.* -app
module:scala.* -app
module:akka.* -app
module:clojure.* -app
module:groovy.* -app
module:io.ktor.* -app
module:io.netty.* -app
module:io.micrometer.* -app
module:io.grpc.* -app
module:io.reactivex.* -app
module:io.undertow.* -app
module:io.vertx.* -app
module:io.opentelemetry.* -app
module:org.springframework.* -app
module:org.apache.* -app
module:org.hibernate.* -app
module:org.eclipse.jetty.* -app
module:org.jboss.* -app
module:org.aspectj.* -app
module:org.codehaus.* -app
module:org.postgresql.* -app
module:com.mysql.* -app
module:com.zaxxer.* -app
module:com.google.common.* -app
module:com.google.gson.* -app
module:com.google.android.* -app
module:com.fasterxml.* -app
module:reactor.* -app
module:okhttp3.* -app
module:okio.* -app
module:retrofit2.* -app
module:rx.* -app
module:org.junit.* -app
module:org.gradle.* -app
module:junit.* -app
module:org.mockito.* -app
module:ch.qos.logback.* -app
module:org.slf4j.* -app
module:net.bytebuddy.* -app
""",
    rules_always="""
module:io.sentry.* -app -group
module:java.lang.reflect.* -group
module:jdk.internal.reflect.* -app -group
module:sun.reflect.* -app -group
module:java.lang.invoke.* -app -group
module:org.springframework.cglib.* -app -group
module:org.springframework.aop.* -app -group
module:java.lang.Thread function:getStackTrace -app -group
""",
)  # fmt: skip
